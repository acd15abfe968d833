/**
 * Drives both stages without a broker, from a seed: a made-up log, Kafka's transactions in
 * miniature, random commits and crashes, and a plain model of what must come out. Tests only.
 */
@NullMarked
package dev.weir.streams.simulator;

import org.jspecify.annotations.NullMarked;
