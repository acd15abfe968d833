/**
 * Settings that may differ by tenant and change while everything runs: what is said of them by
 * whom, in numbered versions, and from which window on each is in force. Pure Java.
 */
@NullMarked
package dev.weir.streams.overrides;

import org.jspecify.annotations.NullMarked;
