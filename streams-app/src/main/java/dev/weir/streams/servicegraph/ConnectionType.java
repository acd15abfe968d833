package dev.weir.streams.servicegraph;

import java.nio.charset.StandardCharsets;

/**
 * How an edge came about: its label {@code connection_type}, which an ordinary call does not have,
 * and the side that was not seen, if one was not.
 */
enum ConnectionType {
  CALL(0, "", ""),
  MESSAGING_SYSTEM(1, "messaging_system", ""),
  DATABASE(2, "database", ""),
  VIRTUAL_SERVER(3, "virtual_node", "server"),
  VIRTUAL_CLIENT(4, "virtual_node", "client");

  private static final ConnectionType[] BY_CODE = values();

  private final int code;
  private final String label;
  private final String virtualNode;

  ConnectionType(int code, String label, String virtualNode) {
    this.code = code;
    this.label = label;
    this.virtualNode = virtualNode;
  }

  static ConnectionType of(int code) {
    return BY_CODE[code];
  }

  int code() {
    return code;
  }

  byte[] label() {
    return label.getBytes(StandardCharsets.US_ASCII);
  }

  byte[] virtualNode() {
    return virtualNode.getBytes(StandardCharsets.US_ASCII);
  }
}
