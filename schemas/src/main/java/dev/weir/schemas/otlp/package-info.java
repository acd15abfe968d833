/**
 * Readers of the OTLP wire format that build no objects per span. Pure Java: bytes in, numbers and
 * offsets out.
 */
@NullMarked
package dev.weir.schemas.otlp;

import org.jspecify.annotations.NullMarked;
