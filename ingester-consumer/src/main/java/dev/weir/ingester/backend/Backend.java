package dev.weir.ingester.backend;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * An object store. Objects are written whole and never changed; an object is seen by everybody or
 * by nobody. Thread-safe.
 *
 * <p>A {@link BackendUnavailableException} says that the same call may succeed later.
 */
public interface Backend {

  /**
   * Stores an object, in place of one of the same key if there is one. When this returns, the
   * object is durable; when it fails, what was there before is still there.
   *
   * @param content writes the object; called once
   * @return the object's size in bytes
   */
  long put(ObjectKey key, Content content) throws BackendUnavailableException;

  /**
   * Reads {@code length} bytes from {@code offset} on.
   *
   * @throws ObjectMissingException if there is no such object
   * @throws RangeOutsideObjectException if the object is shorter
   */
  byte[] get(ObjectKey key, long offset, int length) throws BackendException;

  /** All objects, in the order of their keys. */
  List<BackendEntry> list() throws BackendUnavailableException;

  /** Removes an object; nothing happens if there is none. */
  void delete(ObjectKey key) throws BackendUnavailableException;

  /** Writes an object's bytes. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }
}
