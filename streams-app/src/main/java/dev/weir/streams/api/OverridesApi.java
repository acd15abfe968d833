package dev.weir.streams.api;

import dev.weir.streams.overrides.UserOverrides;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the endpoint of user-configurable overrides needs.
 *
 * @param overrides empty until the broker has answered
 * @param fixedTenant the tenant of everything; if absent, the header {@code X-Scope-OrgID} says
 */
public record OverridesApi(
    Supplier<Optional<UserOverrides>> overrides, Optional<String> fixedTenant) {}
