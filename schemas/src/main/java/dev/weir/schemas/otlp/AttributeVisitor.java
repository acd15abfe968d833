package dev.weir.schemas.otlp;

/** Gets one attribute after the other, as slices of the bytes that hold them. */
@FunctionalInterface
public interface AttributeVisitor {

  /**
   * One attribute.
   *
   * @param valueOffset where its OTLP {@code AnyValue} message begins
   * @throws MalformedOtlpException if something in it that is needed is broken
   */
  void attribute(byte[] buffer, int keyOffset, int keyLength, int valueOffset, int valueLength)
      throws MalformedOtlpException;
}
