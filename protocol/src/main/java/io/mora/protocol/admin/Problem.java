package io.mora.protocol.admin;

import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsPsk;

/**
 * One thing wrong with a configuration, told so that it can be put right without reading source.
 *
 * @param file where it was read from, or empty when it did not come from a file
 * @param line 1-based, or 0 when unknown
 * @param key path of the key, as {@code subsystems[0].namespaces[2].nsid}
 * @param value the value as written, or empty
 * @param allowed what the key allows, or empty
 * @param message what is wrong, without the other parts
 */
public record Problem(
    String file, int line, String key, String value, String allowed, String message) {
  /** A secret in the wrong place is not told. */
  public Problem {
    key = hidden(key);
    value = hidden(value);
    message = hidden(message);
  }

  private static String hidden(String text) {
    return TlsPsk.hidden(DhchapSecret.hidden(text));
  }

  /** A problem of a spec that has no file. */
  public static Problem of(String key, Object value, String allowed, String message) {
    return new Problem("", 0, key, String.valueOf(value), allowed, message);
  }

  public Problem at(String newFile, int newLine) {
    return new Problem(newFile, newLine, key, value, allowed, message);
  }

  /** {@code file:line: key = value: message (allowed: ...)}, without the parts that are empty. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!file.isEmpty()) {
      text.append(file).append(line > 0 ? ":" + line + ": " : ": ");
    }
    if (!key.isEmpty()) {
      text.append(key).append(value.isEmpty() ? ": " : " = " + value + ": ");
    }
    text.append(message);
    if (!allowed.isEmpty()) {
      text.append(" (allowed: ").append(allowed).append(')');
    }
    return text.toString();
  }
}
