package io.mora.target.admin.api;

import java.time.Instant;

/** Moments as the API tells them. */
final class Times {
  private Times() {}

  /** ISO 8601 in UTC, to the millisecond. */
  static String iso(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }
}
