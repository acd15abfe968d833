package dev.weir.allinone.terminal;

import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * What the demo tells besides its tables.
 *
 * @param acknowledged spans that were sent and taken
 * @param failed spans that were sent and not taken
 * @param failureReason why; empty if none failed
 * @param completeThrough Unix milliseconds through which numbers are final
 * @param httpUrl of the shared HTTP server
 * @param recentTrace id of a trace that was just sent; empty if there is none
 */
public record Status(
    Instant now,
    double tracesPerSecond,
    long acknowledged,
    long failed,
    String failureReason,
    OptionalLong completeThrough,
    String httpUrl,
    String recentTrace,
    Path logFile) {}
