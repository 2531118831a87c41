package io.mora.protocol.admin;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them: {@code 16KiB}, {@code 1 GiB}, {@code 250ms}. */
public final class Quantity {
  /** What {@link #parseBytes} takes, for error messages. */
  public static final String BYTES_FORM =
      "a number with B, KiB, MiB, GiB, TiB, PiB or EiB, as 16KiB";

  /** What {@link #parseDuration} takes, for error messages. */
  public static final String DURATION_FORM = "a number with us, ms, s, min or h, as 10s";

  private static final Pattern FORM = Pattern.compile("(\\d{1,19}) ?([A-Za-z]*)");
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Quantity() {}

  /**
   * Bytes of {@code 4096}, {@code 4096B}, {@code 4KiB}, {@code 1 GiB}; only binary units exist, so
   * that nobody has to guess what KB means.
   *
   * @throws IllegalArgumentException if it has another form or exceeds 2^63 - 1
   */
  public static long parseBytes(String text) {
    Matcher form = match(text, BYTES_FORM);
    int shift =
        switch (form.group(2).toLowerCase(Locale.ROOT)) {
          case "", "b" -> 0;
          case "kib" -> 10;
          case "mib" -> 20;
          case "gib" -> 30;
          case "tib" -> 40;
          case "pib" -> 50;
          case "eib" -> 60;
          default -> throw new IllegalArgumentException(BYTES_FORM);
        };
    return multiply(form.group(1), 1L << shift, BYTES_FORM);
  }

  /** The largest unit that divides the number: {@code 16KiB}; {@link #parseBytes} reads it back. */
  public static String formatBytes(long bytes) {
    int unit = 0;
    long number = bytes;
    while (number != 0 && number % 1024 == 0 && unit < BYTE_UNITS.length - 1) {
      number /= 1024;
      unit++;
    }
    return number + BYTE_UNITS[unit];
  }

  /**
   * Duration of {@code 10s}, {@code 250ms}, {@code 50us}, {@code 2min}, {@code 1h}.
   *
   * @throws IllegalArgumentException if it has another form or no unit, or is too long to count
   */
  public static Duration parseDuration(String text) {
    Matcher form = match(text, DURATION_FORM);
    long micros =
        switch (form.group(2)) {
          case "us" -> 1;
          case "ms" -> 1_000;
          case "s" -> 1_000_000;
          case "min" -> 60_000_000;
          case "h" -> 3_600_000_000L;
          default -> throw new IllegalArgumentException(DURATION_FORM);
        };
    long total = multiply(form.group(1), micros, DURATION_FORM);
    return Duration.ofSeconds(total / 1_000_000, total % 1_000_000 * 1_000);
  }

  /** The largest unit that divides it, down to us; {@link #parseDuration} reads it back. */
  public static String formatDuration(Duration duration) {
    long micros = TimeUnit.MICROSECONDS.convert(duration);
    if (micros != 0 && micros % 3_600_000_000L == 0) {
      return micros / 3_600_000_000L + "h";
    }
    if (micros != 0 && micros % 60_000_000 == 0) {
      return micros / 60_000_000 + "min";
    }
    if (micros % 1_000_000 == 0) {
      return micros / 1_000_000 + "s";
    }
    return micros % 1_000 == 0 ? micros / 1_000 + "ms" : micros + "us";
  }

  private static Matcher match(String text, String form) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(form);
    }
    return matcher;
  }

  private static long multiply(String digits, long factor, String form) {
    try {
      return Math.multiplyExact(Long.parseLong(digits), factor);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(form + "; this one is too large", e);
    }
  }
}
