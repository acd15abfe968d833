/** By HTTP: overrides of users, what is in force, and how much of what is active. */
@NullMarked
package dev.weir.streams.api;

import org.jspecify.annotations.NullMarked;
