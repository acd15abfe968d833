/** The topic of overrides: reads it as far as need be, and appends to it. */
@NullMarked
package dev.weir.streams.overrideslog;

import org.jspecify.annotations.NullMarked;
