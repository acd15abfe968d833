package dev.weir.streams.servicegraph;

/**
 * How many half edges one partition keeps. When another one comes, the oldest of its kind gives
 * way.
 *
 * @param waiting those that come to nothing without their other half; at least 1
 * @param apart those that only answer for others, which are clients that were paired and markers of
 *     rejected sides, and calls to databases, which are edges in any case; at least 1
 */
public record Room(int waiting, int apart) {}
