/**
 * What tests of several modules share: spans with named defaults, a real Prometheus. Never on a
 * run-time class path.
 */
@NullMarked
package dev.weir.testing;

import org.jspecify.annotations.NullMarked;
