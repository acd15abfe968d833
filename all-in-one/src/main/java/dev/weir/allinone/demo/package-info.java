/**
 * The demo: a simulated shop that sends spans, the books of what it sent, and the report that
 * compares them with what came out. Expected numbers come from the simulator's plan alone.
 */
@NullMarked
package dev.weir.allinone.demo;

import org.jspecify.annotations.NullMarked;
