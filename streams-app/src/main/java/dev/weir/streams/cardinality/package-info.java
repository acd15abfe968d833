/**
 * Estimates of how many label sets tenants ask for and how many values labels have, whatever is
 * admitted of them. Pure Java.
 */
@NullMarked
package dev.weir.streams.cardinality;

import org.jspecify.annotations.NullMarked;
