package io.mora.cli.output;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Points in time as this machine's clock on the wall has them. */
public final class Moments {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private Moments() {}

  /** {@code 2026-11-22 04:35:12} of an ISO instant; anything else stays as it is. */
  public static String date(String iso) {
    return format(iso, SECONDS);
  }

  /** {@code 04:35:12.345} of an ISO instant. */
  public static String time(String iso) {
    return format(iso, MILLIS);
  }

  /** {@code 04:35:12}, this moment. */
  public static String now() {
    return LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String format(String iso, DateTimeFormatter form) {
    try {
      return form.withZone(ZoneId.systemDefault()).format(Instant.parse(iso));
    } catch (DateTimeException e) {
      return iso;
    }
  }
}
