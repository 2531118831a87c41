package io.mora.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Identifiers that survive a restart without being written down: UUIDs of version 5 (RFC 9562). */
public final class NameUuid {
  /** RFC 9562's name space for URLs. */
  private static final UUID URL = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

  private NameUuid() {}

  /** UUID of {@code urn:mora:KIND:NAME}. */
  public static UUID of(String kind, String name) {
    ByteBuffer hash =
        ByteBuffer.wrap(sha1(("urn:mora:" + kind + ":" + name).getBytes(StandardCharsets.UTF_8)));
    long high = hash.getLong() & ~0xF000L | 0x5000L;
    long low = hash.getLong() & ~(3L << 62) | 2L << 62;
    return new UUID(high, low);
  }

  private static byte[] sha1(byte[] name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      ByteBuffer space = ByteBuffer.allocate(16);
      space.putLong(URL.getMostSignificantBits()).putLong(URL.getLeastSignificantBits());
      digest.update(space.array());
      return digest.digest(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
