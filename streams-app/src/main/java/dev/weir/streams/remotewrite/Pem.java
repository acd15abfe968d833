package dev.weir.streams.remotewrite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as text. */
final class Pem {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([^-]+)-----END \\1-----");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int EC_PARAMETERS = 0xA0;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  /** OID 1.2.840.113549.1.1.1 with its parameters, which are null. */
  private static final byte[] RSA = {
    0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0
  };

  /** OID 1.2.840.10045.2.1; the curve follows. */
  private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private Pem() {}

  /**
   * All certificates of a text, in order.
   *
   * @throws CertificateException if there is none, or one is broken
   */
  static List<Certificate> certificates(String text) throws CertificateException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    List<Certificate> certificates =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes)));
    if (certificates.isEmpty()) {
      throw new CertificateException("there is no certificate in it");
    }
    return certificates;
  }

  /**
   * The first private key of a text, in PKCS#8, or as OpenSSL writes those of RSA and elliptic
   * curves.
   *
   * @throws GeneralSecurityException if there is none, or it is broken, or encrypted
   */
  static PrivateKey privateKey(String text) throws GeneralSecurityException {
    Matcher key = KEY.matcher(text);
    if (!key.find()) {
      throw new InvalidKeySpecException("there is no unencrypted private key in it");
    }
    byte[] der = Base64.getMimeDecoder().decode(key.group(2));
    return switch (key.group(1)) {
      case "RSA PRIVATE KEY" -> of("RSA", wrapped(RSA, der));
      case "EC PRIVATE KEY" -> of("EC", wrapped(joined(EC, curve(der)), der));
      default -> ofAny(der);
    };
  }

  private static PrivateKey of(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static PrivateKey ofAny(byte[] pkcs8) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return of(algorithm, pkcs8);
      } catch (InvalidKeySpecException e) {
        // one of another algorithm
      }
    }
    return of("EdDSA", pkcs8);
  }

  /** PKCS#8: a version, the algorithm, and the key as the algorithm has it. */
  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return element(
        SEQUENCE, joined(VERSION_0, joined(element(SEQUENCE, algorithm), element(OCTETS, key))));
  }

  /** The curve stands in the key itself, after a version and the secret. */
  private static byte[] curve(byte[] key) throws InvalidKeySpecException {
    ByteBuffer der = ByteBuffer.wrap(key);
    try {
      der.get();
      length(der);
      while (der.hasRemaining()) {
        int tag = der.get() & 0xFF;
        byte[] content = new byte[length(der)];
        der.get(content);
        if (tag == EC_PARAMETERS) {
          return content;
        }
      }
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new InvalidKeySpecException("the key is broken", e);
    }
    throw new InvalidKeySpecException("the key does not name its curve");
  }

  private static int length(ByteBuffer der) {
    int first = der.get() & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = first & 0x7F; i > 0; i--) {
      length = (length << 8) | (der.get() & 0xFF);
    }
    return length;
  }

  private static byte[] element(int tag, byte[] content) {
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    if (content.length < 0x80) {
      element.write(content.length);
    } else {
      element.write(0x82);
      element.write(content.length >> 8);
      element.write(content.length);
    }
    element.writeBytes(content);
    return element.toByteArray();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
