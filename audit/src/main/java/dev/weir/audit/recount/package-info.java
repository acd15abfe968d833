/**
 * Counts the spans of records again, by protobuf-java and OTLP's own schema. Pure; not built for
 * speed.
 */
@NullMarked
package dev.weir.audit.recount;

import org.jspecify.annotations.NullMarked;
