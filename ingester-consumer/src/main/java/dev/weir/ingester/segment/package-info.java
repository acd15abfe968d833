/**
 * Interim trace segments: their layout, writer and reader, and which of them exist. To be replaced
 * by the block format of Tempo; knows object storage only by its SPI.
 */
@NullMarked
package dev.weir.ingester.segment;

import org.jspecify.annotations.NullMarked;
