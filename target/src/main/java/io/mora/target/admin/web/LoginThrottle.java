package io.mora.target.admin.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows down who tries tokens. An address that showed {@value #FAILURES_MAX} wrong ones has to wait
 * until a minute after the first of them, even with a right one. Any thread.
 */
final class LoginThrottle {
  static final int FAILURES_MAX = 8;
  static final long WINDOW_MS = TimeUnit.MINUTES.toMillis(1);

  /** Addresses remembered; a further one takes the place of that which failed first. */
  static final int ADDRESSES_MAX = 1024;

  private final Map<String, Failures> failures = new LinkedHashMap<>();
  private final LongSupplier nowMs;

  private record Failures(int count, long firstMs) {}

  LoginThrottle(LongSupplier nowMs) {
    this.nowMs = nowMs;
  }

  /** Milliseconds that an address has to wait; 0 when it may try. */
  synchronized long waitMs(String from) {
    Failures of = failures.get(from);
    if (of == null) {
      return 0;
    }
    long left = of.firstMs + WINDOW_MS - nowMs.getAsLong();
    if (left <= 0) {
      failures.remove(from);
      return 0;
    }
    return of.count < FAILURES_MAX ? 0 : left;
  }

  synchronized void failed(String from) {
    Failures of = failures.get(from);
    if (of == null) {
      if (failures.size() >= ADDRESSES_MAX) {
        failures.remove(failures.keySet().iterator().next());
      }
      failures.put(from, new Failures(1, nowMs.getAsLong()));
    } else {
      failures.put(from, new Failures(of.count + 1, of.firstMs));
    }
  }

  synchronized int addresses() {
    return failures.size();
  }
}
