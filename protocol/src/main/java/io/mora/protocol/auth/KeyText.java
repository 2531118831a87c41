package io.mora.protocol.auth;

import java.util.Arrays;
import java.util.Base64;
import java.util.function.IntPredicate;
import java.util.zip.CRC32;

/** How the text forms of secrets hold a key: in base64, with its CRC-32 behind it. */
public final class KeyText {
  private static final int CRC_BYTES = 4;

  private KeyText() {}

  /**
   * Reads a key; IllegalArgumentException says what is wrong with it, not what it is.
   *
   * @param allowed which lengths in bytes there may be
   * @param lengths the same in words
   */
  public static byte[] decode(String base64, IntPredicate allowed, String lengths) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // Without its cause, whose text quotes the input.
      throw new IllegalArgumentException("its base64 is damaged");
    }
    int length = bytes.length - CRC_BYTES;
    if (!allowed.test(length)) {
      throw new IllegalArgumentException(
          "a key of " + Math.max(0, length) + " bytes, allowed are " + lengths);
    }
    byte[] key = Arrays.copyOf(bytes, length);
    if (!Arrays.equals(crc(key), 0, CRC_BYTES, bytes, length, bytes.length)) {
      throw new IllegalArgumentException("its CRC-32 is wrong: mistyped or cut");
    }
    return key;
  }

  public static String encode(byte[] key) {
    byte[] bytes = Arrays.copyOf(key, key.length + CRC_BYTES);
    System.arraycopy(crc(key), 0, bytes, key.length, CRC_BYTES);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] crc(byte[] key) {
    CRC32 crc = new CRC32();
    crc.update(key);
    long value = crc.getValue();
    byte[] bytes = new byte[CRC_BYTES];
    for (int i = 0; i < CRC_BYTES; i++) {
      bytes[i] = (byte) (value >>> Byte.SIZE * i);
    }
    return bytes;
  }
}
