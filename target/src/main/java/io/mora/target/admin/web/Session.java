package io.mora.target.admin.web;

/**
 * A browser that has shown a token.
 *
 * @param csrf what each of its changes has to show besides the cookie
 * @param tokenHash SHA-256 of the token; the session ends with it
 * @param endsMs when it ends, however busy
 * @param usedMs when it was last used
 */
@SuppressWarnings("ArrayRecordComponent") // not compared but by MessageDigest.isEqual
public record Session(String csrf, byte[] tokenHash, long endsMs, long usedMs) {
  Session usedAt(long ms) {
    return new Session(csrf, tokenHash, endsMs, ms);
  }
}
