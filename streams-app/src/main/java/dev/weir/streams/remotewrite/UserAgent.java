package dev.weir.streams.remotewrite;

import java.util.Optional;

/** What the sender calls itself: {@code weir/} and the version that its jar names. */
final class UserAgent {
  static final String VALUE =
      "weir/"
          + Optional.ofNullable(UserAgent.class.getPackage().getImplementationVersion())
              .orElse("development");

  private UserAgent() {}
}
