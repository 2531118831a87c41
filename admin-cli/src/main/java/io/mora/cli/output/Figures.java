package io.mora.cli.output;

import io.mora.protocol.admin.Quantity;
import java.util.Locale;

/** Measured numbers as people read them: three digits, and a unit. */
public final class Figures {
  /** Stands for what was not measured. */
  public static final String NONE = "-";

  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Figures() {}

  /** {@code 850 ns}, {@code 12.3 us}, {@code 4.56 ms}, {@code 1.20 s}. */
  public static String duration(long ns) {
    if (ns < 1_000) {
      return ns + " ns";
    } else if (ns < 1_000_000) {
      return threeDigits(ns / 1e3) + " us";
    } else if (ns < 1_000_000_000) {
      return threeDigits(ns / 1e6) + " ms";
    }
    return threeDigits(ns / 1e9) + " s";
  }

  /** {@code 950}, {@code 12.3 k}, {@code 1.05 M}. */
  public static String count(double number) {
    if (number < 1_000) {
      return threeDigits(number);
    } else if (number < 1_000_000) {
      return threeDigits(number / 1e3) + " k";
    }
    return threeDigits(number / 1e6) + " M";
  }

  /** Exactly if the number is round, {@code 4KiB}; else {@code 1.46 MiB}. */
  public static String bytes(long number) {
    String exact = Quantity.formatBytes(number);
    if (exact.length() <= 7) {
      return exact;
    }
    int unit = 0;
    double scaled = number;
    while (scaled >= 1024 && unit < BINARY.length - 1) {
      scaled /= 1024;
      unit++;
    }
    return threeDigits(scaled) + " " + BINARY[unit];
  }

  private static String threeDigits(double number) {
    int fraction = number >= 99.95 || number == Math.rint(number) ? 0 : number >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + fraction + "f", number);
  }
}
