/**
 * What the all-in-one shows on a terminal: steps, and a table of rates, errors and durations from
 * the samples received. Pure text but for the screen itself.
 */
@NullMarked
package dev.weir.allinone.terminal;

import org.jspecify.annotations.NullMarked;
