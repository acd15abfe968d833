/** Reads the topics that the audit compares; writes and commits nothing. */
@NullMarked
package dev.weir.audit.kafka;

import org.jspecify.annotations.NullMarked;
