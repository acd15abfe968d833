package dev.weir.streams.cardinality;

/**
 * How many values a label has.
 *
 * @param distinctValues about
 * @param exampleSpanName the label {@code span_name} of a label set that brought a new value; empty
 *     if that has none
 */
public record LabelCardinality(String label, long distinctValues, String exampleSpanName) {}
