package dev.weir.distributor.validation;

import java.nio.charset.StandardCharsets;

/** Whose a request is, as its header says. */
public sealed interface Tenancy {

  /** The request belongs to a tenant with a well-formed id. */
  record Known(String tenant) implements Tenancy {
    /** The id as Kafka's key has it. */
    public byte[] key() {
      return tenant.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Tenants are told apart, and the request names none. */
  record Missing() implements Tenancy {}

  /**
   * What the request names is no tenant id.
   *
   * @param fault a sentence with the value and the rule
   */
  record Malformed(String fault) implements Tenancy {}
}
