package io.mora.protocol.auth.tls;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HKDF (RFC 5869) as TLS 1.3 uses it (RFC 8446, 7.1); JDKs have a class for it from 24 on. */
final class Hkdf {
  private static final int LENGTH_MAX = 255;

  private Hkdf() {}

  /** With a salt of zeroes. */
  static byte[] extract(TlsHash hash, byte[] secret) {
    return hash.hmac(new byte[hash.lengthBytes()], secret);
  }

  /**
   * HKDF-Expand-Label.
   *
   * @param context at most 255 bytes
   * @throws IllegalArgumentException if label or context is longer
   */
  static byte[] expandLabel(TlsHash hash, byte[] secret, String label, byte[] context, int length) {
    byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
    if (name.length > LENGTH_MAX || context.length > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a context of " + context.length + " bytes, at most " + LENGTH_MAX);
    }
    byte[] info = new byte[Short.BYTES + 1 + name.length + 1 + context.length];
    info[0] = (byte) (length >>> Byte.SIZE);
    info[1] = (byte) length;
    info[2] = (byte) name.length;
    System.arraycopy(name, 0, info, 3, name.length);
    info[3 + name.length] = (byte) context.length;
    System.arraycopy(context, 0, info, 4 + name.length, context.length);
    return expand(hash, secret, info, length);
  }

  private static byte[] expand(TlsHash hash, byte[] secret, byte[] info, int length) {
    byte[] out = new byte[length];
    byte[] block = {};
    int done = 0;
    for (byte counter = 1; done < length; counter++) {
      block = hash.hmac(secret, block, info, new byte[] {counter});
      int take = Math.min(block.length, length - done);
      System.arraycopy(block, 0, out, done, take);
      done += take;
    }
    Arrays.fill(block, (byte) 0);
    return out;
  }
}
