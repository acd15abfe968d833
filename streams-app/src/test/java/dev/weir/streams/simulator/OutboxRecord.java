package dev.weir.streams.simulator;

import com.google.protobuf.ByteString;

/** A record of the outbox: tenant and remote-write request. */
record OutboxRecord(String tenant, ByteString request) {}
