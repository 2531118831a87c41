package io.mora.qos;

/** What an I/O is for, as a number that orders by urgency. 0 means: not said. */
public final class IoClass {
  public static final int DEFAULT = 0;

  /** Scrubs, rebuilds: what the others leave, and a guaranteed trickle. */
  public static final int BACKGROUND = 1;

  /** Throughput counts, no single I/O does. */
  public static final int BULK = 2;

  /** Reads somebody may need: ordered by confidence, dropped first. */
  public static final int PREFETCH = 3;

  /** Who says nothing. */
  public static final int NORMAL = 4;

  /** The lowest class whose deadline is an aim of its own. */
  public static final int INTERACTIVE = 5;

  public static final int LOW_LATENCY = 6;

  /** Strictly first, within its host's rate. */
  public static final int CRITICAL = 7;

  /** Numbers there are, 0 included. */
  public static final int COUNT = 8;

  /** Highest value of {@link ScheduledIo#confidence}. */
  public static final int CONFIDENCE_MAX = 15;

  private static final String[] NAMES = {
    "default", "background", "bulk", "prefetch", "normal", "interactive", "low-latency", "critical"
  };

  private IoClass() {}

  /** Whether the class has a deadline that counts: 5 and above. */
  public static boolean isLatency(int ioClass) {
    return ioClass >= INTERACTIVE;
  }

  /** The name used in configuration, metrics and tables; "class N" outside 0 to 7. */
  public static String name(int ioClass) {
    return ioClass >= 0 && ioClass < COUNT ? NAMES[ioClass] : "class " + ioClass;
  }

  /** The number of a {@link #name}, or -1. */
  public static int of(String name) {
    for (int i = 0; i < COUNT; i++) {
      if (NAMES[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
