package dev.weir.streams.api;

import dev.weir.streams.overrides.Versions;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the endpoint that tells what is in force needs.
 *
 * @param versions as far as this process knows them; empty until the broker has answered
 * @param windowMillis length of a window
 */
public record StatusApi(Supplier<Optional<Versions>> versions, long windowMillis) {}
