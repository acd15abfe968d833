package dev.weir.streams.servicegraph;

import java.nio.charset.StandardCharsets;

/** The label {@code connection_type}; an ordinary call has none. */
enum ConnectionType {
  CALL(0, ""),
  MESSAGING_SYSTEM(1, "messaging_system"),
  DATABASE(2, "database"),
  VIRTUAL_NODE(3, "virtual_node");

  private final int code;
  private final String label;

  ConnectionType(int code, String label) {
    this.code = code;
    this.label = label;
  }

  int code() {
    return code;
  }

  byte[] label() {
    return label.getBytes(StandardCharsets.US_ASCII);
  }
}
