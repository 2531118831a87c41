package io.mora.protocol.intent;

import java.util.Locale;

/**
 * The classes of the extension, least urgent first: {@link #code} is CLASS of CDW3.
 *
 * <p>The data path uses the int; the enum is for configuration, logs and people.
 */
public enum LatencyClass {
  /** Nothing said: the base class of whoever asks. */
  DEFAULT(0, 5_000),
  /** Scrub, rebuild: what is left over, at least 2 %. */
  BACKGROUND(1, 1_000_000),
  /** Throughput: weighted, coalesced. */
  BULK(2, 100_000),
  /** Wanted later, perhaps: weighted by confidence, shed first. */
  PREFETCH(3, 20_000),
  /** Ordinary traffic. */
  NORMAL(4, 5_000),
  /** Earliest deadline first, together with LOW_LATENCY. */
  INTERACTIVE(5, 1_000),
  LOW_LATENCY(6, 400),
  /** Strictly first, within its host's token bucket. */
  CRITICAL(7, 150);

  /** Number of classes, 0 included. */
  public static final int COUNT = 8;

  /** Lowest class that a host's token bucket rules. */
  public static final int FIRST_LATENCY = 5;

  private static final LatencyClass[] BY_CODE = values();
  private static final int[] BUDGET_US = budgets();

  private final int code;
  private final int defaultBudgetUs;

  LatencyClass(int code, int defaultBudgetUs) {
    this.code = code;
    this.defaultBudgetUs = defaultBudgetUs;
  }

  private static int[] budgets() {
    int[] budgets = new int[COUNT];
    for (LatencyClass each : BY_CODE) {
      budgets[each.code] = each.defaultBudgetUs;
    }
    return budgets;
  }

  /** CLASS on the wire. */
  public int code() {
    return code;
  }

  /** Budget in microseconds of a command that names none. */
  public int defaultBudgetUs() {
    return defaultBudgetUs;
  }

  /** The word for it in configuration and output: {@code low_latency}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The class of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static LatencyClass parse(String word) {
    for (LatencyClass each : BY_CODE) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("no such class");
  }

  /** The class of the low 3 bits. */
  public static LatencyClass of(int code) {
    return BY_CODE[code & 7];
  }

  /** Default budget in microseconds of a class 0..7. */
  public static int defaultBudgetUs(int code) {
    return BUDGET_US[code];
  }
}
