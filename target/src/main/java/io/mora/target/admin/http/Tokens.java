package io.mora.target.admin.http;

import io.mora.protocol.admin.access.TokenSpec;
import io.mora.protocol.data.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whose a token is. Compares with every token there is, and each in constant time. */
public final class Tokens {
  private static final String SCHEME = "Bearer ";

  /** Longest token looked at. */
  public static final int LENGTH_MAX = 512;

  private volatile List<Known> known;

  @SuppressWarnings("ArrayRecordComponent") // not compared but by MessageDigest.isEqual
  private record Known(Principal principal, byte[] hash) {}

  public Tokens(List<TokenSpec> tokens) {
    known = known(tokens);
  }

  /** Others from now on. */
  public void replace(List<TokenSpec> tokens) {
    known = known(tokens);
  }

  private static List<Known> known(List<TokenSpec> tokens) {
    return tokens.stream()
        .map(token -> new Known(new Principal(token.name(), token.role()), bytes(token.sha256())))
        .toList();
  }

  private static byte[] bytes(Bytes hash) {
    return HexFormat.of().parseHex(hash.toString());
  }

  /** Whose an Authorization header is, or null. */
  public @Nullable Principal find(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || authorization.length() > SCHEME.length() + LENGTH_MAX) {
      return null;
    }
    return ofHash(sha256(authorization.substring(SCHEME.length()).strip()));
  }

  /** Whose a token is, by its hash; null once it is not in the configuration any more. */
  public @Nullable Principal ofHash(byte[] shown) {
    Principal found = null;
    for (Known each : known) {
      if (MessageDigest.isEqual(each.hash, shown)) {
        found = each.principal;
      }
    }
    return found;
  }

  /** The hash a token is known by. */
  public static byte[] sha256(String token) {
    return sha256(token.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 of anything. */
  public static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
