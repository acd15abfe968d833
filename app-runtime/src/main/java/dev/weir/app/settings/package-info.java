/**
 * Typed settings from defaults, a file, the environment and flags; every key is declared, an
 * unknown one stops the start.
 */
@NullMarked
package dev.weir.app.settings;

import org.jspecify.annotations.NullMarked;
