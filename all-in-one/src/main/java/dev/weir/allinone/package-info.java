/** Runs every application with an embedded broker in one JVM. */
@NullMarked
package dev.weir.allinone;

import org.jspecify.annotations.NullMarked;
