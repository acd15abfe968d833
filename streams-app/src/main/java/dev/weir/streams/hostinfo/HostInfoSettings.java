package dev.weir.streams.hostinfo;

import java.util.List;

/**
 * Whether and how it is told which hosts there are.
 *
 * @param enabled whether it is told at all
 * @param identifiers keys of attributes of resources that name a host, the preferred one first; at
 *     least one, all different
 */
public record HostInfoSettings(boolean enabled, List<String> identifiers) {

  /** The attributes that Tempo looks at. */
  public static final List<String> DEFAULT_IDENTIFIERS = List.of("k8s.node.name", "host.id");

  /** Nothing is told. */
  public static final HostInfoSettings DISABLED = new HostInfoSettings(false, DEFAULT_IDENTIFIERS);

  public HostInfoSettings {
    identifiers = List.copyOf(identifiers);
  }
}
