package io.mora.protocol.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A hash function of DH-HMAC-CHAP, and HMAC with it. Codes are HashID on the wire. */
public enum DhchapHash {
  SHA256(1, 32),
  SHA384(2, 48),
  SHA512(3, 64);

  private final int code;
  private final int lengthBytes;

  DhchapHash(int code, int lengthBytes) {
    this.code = code;
    this.lengthBytes = lengthBytes;
  }

  /** HashID; also the {@code hh} of a secret. */
  public int code() {
    return code;
  }

  /** Bytes of a hash, a challenge and a response. */
  public int lengthBytes() {
    return lengthBytes;
  }

  /** As configuration and command line write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The hash of a HashID, or null if it is none of these. */
  public static @Nullable DhchapHash of(int code) {
    for (DhchapHash hash : values()) {
      if (hash.code == code) {
        return hash;
      }
    }
    return null;
  }

  /** The hash of a {@link #word}; IllegalArgumentException if there is none. */
  public static DhchapHash parse(String word) {
    return Stream.of(values())
        .filter(hash -> hash.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not one of " + words()));
  }

  /** All words. */
  public static String words() {
    return Stream.of(values()).map(DhchapHash::word).collect(Collectors.joining(", "));
  }

  byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-" + lengthBytes * 8).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-2", e);
    }
  }

  byte[] hmac(byte[] key, byte[]... parts) {
    return Hmac.of(name(), key, parts);
  }
}
