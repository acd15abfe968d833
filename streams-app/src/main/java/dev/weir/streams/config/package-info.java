/** The settings of the streams app. */
@NullMarked
package dev.weir.streams.config;

import org.jspecify.annotations.NullMarked;
