package io.mora.protocol.auth.tls;

import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.Hmac;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hash function of pre-shared keys, and the cipher suite that goes with it. Codes are the {@code
 * hh} of keys and identities.
 */
public enum TlsHash {
  /** With TLS_AES_128_GCM_SHA256. */
  SHA256(1, 32, 0x1301, 16),
  /** With TLS_AES_256_GCM_SHA384. */
  SHA384(2, 48, 0x1302, 32);

  private final int code;
  private final int lengthBytes;
  private final int cipherSuite;
  private final int keyBytes;

  TlsHash(int code, int lengthBytes, int cipherSuite, int keyBytes) {
    this.code = code;
    this.lengthBytes = lengthBytes;
    this.cipherSuite = cipherSuite;
    this.keyBytes = keyBytes;
  }

  public int code() {
    return code;
  }

  /** Bytes of a hash, and of a pre-shared key that goes with it. */
  public int lengthBytes() {
    return lengthBytes;
  }

  int cipherSuite() {
    return cipherSuite;
  }

  /** Bytes of the suite's AES key. */
  int keyBytes() {
    return keyBytes;
  }

  /** As configuration and command line write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The hash of a code, or null if it is none of these. */
  public static @Nullable TlsHash of(int code) {
    for (TlsHash hash : values()) {
      if (hash.code == code) {
        return hash;
      }
    }
    return null;
  }

  /**
   * That of the keys that DH-HMAC-CHAP makes with a hash; null: it makes none, for want of a code.
   */
  public static @Nullable TlsHash of(DhchapHash hash) {
    return of(hash.code());
  }

  static @Nullable TlsHash ofLength(int lengthBytes) {
    for (TlsHash hash : values()) {
      if (hash.lengthBytes == lengthBytes) {
        return hash;
      }
    }
    return null;
  }

  /** The hash of a {@link #word}; IllegalArgumentException if there is none. */
  public static TlsHash parse(String word) {
    return Stream.of(values())
        .filter(hash -> hash.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not one of " + words()));
  }

  /** All words. */
  public static String words() {
    return Stream.of(values()).map(TlsHash::word).collect(Collectors.joining(", "));
  }

  byte[] hmac(byte[] key, byte[]... parts) {
    return Hmac.of(name(), key, parts);
  }
}
