package dev.weir.distributor.receiver.http;

import dev.weir.distributor.distribution.Outcome;
import dev.weir.distributor.distribution.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Decodes gzip and stops at a limit, so that a small body cannot expand in memory. */
final class GzipBody {
  private GzipBody() {}

  /**
   * @throws RefusedException if {@code encoded} is no gzip, or decodes to more than {@code
   *     maxBytes}
   */
  static byte[] decode(byte[] encoded, int maxBytes) throws RefusedException {
    try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(encoded), 8192)) {
      byte[] decoded = stream.readNBytes(maxBytes);
      if (decoded.length == maxBytes && stream.read() >= 0) {
        throw new RefusedException(OtlpHttp.tooLarge(maxBytes));
      }
      return decoded;
    } catch (IOException e) {
      throw new RefusedException(
          new Outcome.Invalid("the body is not valid gzip: " + e.getMessage()));
    }
  }
}
