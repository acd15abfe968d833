/** Fixtures for tests: spans with named defaults. Never on a run-time class path. */
@NullMarked
package dev.weir.testing;

import org.jspecify.annotations.NullMarked;
