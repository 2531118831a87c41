package io.mora.protocol.auth.tls;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.KeyText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configured pre-shared key, as text {@code NVMeTLSkey-1:hh:BASE64:} (the interchange format).
 * The text holds the key and its CRC-32, little-endian; {@code hh} says with which hash it is bound
 * to its host's name before use, 00 with none.
 *
 * <p>{@link #toString} and exceptions never tell the key; {@link #reveal} does.
 */
public final class TlsPsk {
  /** What is allowed, for messages. */
  public static final String FORM =
      "NVMeTLSkey-1:00, 01 or 02:base64 of 32 (01) or 48 (02) bytes and a CRC-32:";

  private static final String START = "NVMeTLSkey-1:";
  private static final Pattern TEXT = Pattern.compile(START + "(\\d\\d):([A-Za-z0-9+/]+={0,2}):");
  private static final Pattern ANYWHERE = Pattern.compile(START + "[A-Za-z0-9+/=:]*");

  /** More than the longest key's text; longer text is not looked at. */
  private static final int TEXT_MAX = 128;

  private final byte[] key;
  private final TlsHash hash;
  private final boolean transformed;

  private TlsPsk(byte[] key, TlsHash hash, boolean transformed) {
    this.key = key;
    this.hash = hash;
    this.transformed = transformed;
  }

  /** A random key that is bound to its host's name. */
  public static TlsPsk generate(TlsHash hash, SecureRandom random) {
    byte[] key = new byte[hash.lengthBytes()];
    random.nextBytes(key);
    return new TlsPsk(key, hash, true);
  }

  /**
   * A key of these bytes: 32 go with SHA-256, 48 with SHA-384.
   *
   * @param transformed bound to its host's name before use
   * @throws IllegalArgumentException for another number of bytes
   */
  public static TlsPsk of(byte[] key, boolean transformed) {
    TlsHash hash = TlsHash.ofLength(key.length);
    if (hash == null) {
      throw new IllegalArgumentException(
          "a key of " + key.length + " bytes, allowed are 32 and 48");
    }
    return new TlsPsk(key.clone(), hash, transformed);
  }

  /** Reads the text form; IllegalArgumentException says what is wrong with it, not what it is. */
  public static TlsPsk parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (text.length() > TEXT_MAX || !matcher.matches()) {
      throw new IllegalArgumentException("not a TLS key: " + FORM);
    }
    int code = Integer.parseInt(matcher.group(1));
    if (code != 0 && TlsHash.of(code) == null) {
      throw new IllegalArgumentException("hash " + matcher.group(1) + ", 00 to 02");
    }
    byte[] key =
        KeyText.decode(
            matcher.group(2), length -> fits(length, code), "32 (00, 01) and 48 (00, 02)");
    return of(key, code != 0);
  }

  /** The text without what looks like keys, for messages that quote their input. */
  public static String hidden(String text) {
    return text.contains(START) ? ANYWHERE.matcher(text).replaceAll(START + "(not shown)") : text;
  }

  private static boolean fits(int length, int code) {
    TlsHash hash = TlsHash.ofLength(length);
    return hash != null && (code == 0 || hash.code() == code);
  }

  /** What its length decides: the hash of identities and the cipher suite. */
  public TlsHash hash() {
    return hash;
  }

  /** The text form, with the key in it. */
  public String reveal() {
    return head() + KeyText.encode(key) + ":";
  }

  private String head() {
    return START + "0" + (transformed ? hash.code() : 0) + ":";
  }

  /** The retained key of a host. */
  byte[] retained(Nqn host) {
    return transformed
        ? Hkdf.expandLabel(
            hash,
            Hkdf.extract(hash, key),
            "HostNQN",
            host.value().getBytes(StandardCharsets.UTF_8),
            hash.lengthBytes())
        : key.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TlsPsk psk
        && transformed == psk.transformed
        && MessageDigest.isEqual(key, psk.key);
  }

  /** The same for all keys: a hash that shows in a heap dump or a log is a check on guesses. */
  @Override
  public int hashCode() {
    return hash.code();
  }

  /** Its kind, not its key. */
  @Override
  public String toString() {
    return head() + "(" + key.length + " bytes, not shown):";
  }
}
