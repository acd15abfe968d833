/** Runs an audit from beginning to end. */
@NullMarked
package dev.weir.audit.application;

import org.jspecify.annotations.NullMarked;
