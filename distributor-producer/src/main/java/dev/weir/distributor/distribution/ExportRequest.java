package dev.weir.distributor.distribution;

import java.util.List;

/**
 * A request as a transport hands it over.
 *
 * @param tenantHeader the values of the tenant's header; none if it is absent
 * @param bytes of the body as it came over the wire
 * @param body gives the decoded body; called once, on a worker thread
 */
public record ExportRequest(Transport transport, List<String> tenantHeader, int bytes, Body body) {

  /** A body that may have to be decoded. */
  @FunctionalInterface
  public interface Body {
    byte[] decode() throws RefusedException;
  }

  public ExportRequest {
    tenantHeader = List.copyOf(tenantHeader);
  }
}
