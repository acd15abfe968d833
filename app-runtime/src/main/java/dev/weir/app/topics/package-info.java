/** The settings by which every application finds Kafka and the topics that they share. */
@NullMarked
package dev.weir.app.topics;

import org.jspecify.annotations.NullMarked;
