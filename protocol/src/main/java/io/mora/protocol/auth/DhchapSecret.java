package io.mora.protocol.auth;

import io.mora.protocol.Nqn;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A secret of DH-HMAC-CHAP, as text {@code DHHC-1:hh:BASE64:}. The text holds the key and its
 * CRC-32, little-endian; {@code hh} says with which hash the key is bound to its owner's name
 * before use.
 *
 * <p>{@link #toString} and exceptions never tell the key; {@link #reveal} does.
 */
public final class DhchapSecret {
  /** What is allowed, for messages. */
  public static final String FORM = "DHHC-1:00 to 03:base64 of 32, 48 or 64 bytes and a CRC-32:";

  private static final Pattern TEXT = Pattern.compile("DHHC-1:(\\d\\d):([A-Za-z0-9+/]+={0,2}):");

  private static final String START = "DHHC-1:";
  private static final Pattern ANYWHERE = Pattern.compile(START + "[A-Za-z0-9+/=:]*");

  /** More than the longest secret's text; longer text is not looked at. */
  private static final int TEXT_MAX = 128;

  private static final byte[] BINDING = "NVMe-over-Fabrics".getBytes(StandardCharsets.UTF_8);

  private final byte[] key;
  private final @Nullable DhchapHash transform;

  private DhchapSecret(byte[] key, @Nullable DhchapHash transform) {
    this.key = key;
    this.transform = transform;
  }

  /**
   * A secret of these bytes.
   *
   * @param transform null: the key is used as it is
   * @throws IllegalArgumentException unless there are 32, 48 or 64 bytes
   */
  public static DhchapSecret of(byte[] key, @Nullable DhchapHash transform) {
    if (!isLength(key.length)) {
      throw new IllegalArgumentException(
          "a secret of " + key.length + " bytes, allowed are 32, 48 and 64");
    }
    return new DhchapSecret(key.clone(), transform);
  }

  /** A random secret; IllegalArgumentException unless it has 32, 48 or 64 bytes. */
  public static DhchapSecret generate(
      @Nullable DhchapHash transform, int lengthBytes, SecureRandom random) {
    byte[] key = new byte[Math.max(0, lengthBytes)];
    random.nextBytes(key);
    return of(key, transform);
  }

  /** Reads the text form; IllegalArgumentException says what is wrong with it, not what it is. */
  public static DhchapSecret parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (text.length() > TEXT_MAX || !matcher.matches()) {
      throw new IllegalArgumentException("not a secret: " + FORM);
    }
    int code = Integer.parseInt(matcher.group(1));
    DhchapHash transform = DhchapHash.of(code);
    if (transform == null && code != 0) {
      throw new IllegalArgumentException("transformation " + matcher.group(1) + ", 00 to 03");
    }
    byte[] key = KeyText.decode(matcher.group(2), DhchapSecret::isLength, "32, 48 and 64");
    return new DhchapSecret(key, transform);
  }

  /** The text without what looks like secrets, for messages that quote their input. */
  public static String hidden(String text) {
    return text.contains(START) ? ANYWHERE.matcher(text).replaceAll(START + "(not shown)") : text;
  }

  private static boolean isLength(int length) {
    return length == 32 || length == 48 || length == 64;
  }

  /** The text form, with the key in it. */
  public String reveal() {
    return head() + KeyText.encode(key) + ":";
  }

  private String head() {
    return "DHHC-1:0" + (transform == null ? 0 : transform.code()) + ":";
  }

  /**
   * The key as it is used for an owner: a host's secret for the host, a controller's for its
   * subsystem.
   */
  byte[] keyFor(Nqn owner) {
    return transform == null
        ? key.clone()
        : transform.hmac(key, owner.value().getBytes(StandardCharsets.UTF_8), BINDING);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DhchapSecret secret
        && transform == secret.transform
        && MessageDigest.isEqual(key, secret.key);
  }

  /** The same for all keys: a hash that shows in a heap dump or a log is a check on guesses. */
  @Override
  public int hashCode() {
    return transform == null ? 0 : transform.code();
  }

  /** Its kind, not its key. */
  @Override
  public String toString() {
    return head() + "(" + key.length + " bytes, not shown):";
  }
}
