package io.mora.qos;

/**
 * What a {@link ClassScheduler} is made of.
 *
 * @param inFlightMax entries in flight over all lines
 * @param lineInFlightMax entries in flight on one line
 * @param weights shares of the classes below the latency classes
 * @param minimumPercent of a device's time that classes 1 to 4 get together while they have work,
 *     whatever 5 to 7 ask for
 * @param backgroundMinimumPercent of a device's time that class 1 gets while it has work
 * @param waiting how long an entry of classes 1 to 4 may be passed over
 */
public record SchedulerOptions(
    int inFlightMax,
    int lineInFlightMax,
    Weights weights,
    int minimumPercent,
    int backgroundMinimumPercent,
    Wait waiting) {
  public static final int IN_FLIGHT_MAX = 65_536;

  /** For devices. */
  public static final SchedulerOptions DEVICES =
      new SchedulerOptions(1024, 256, Weights.DEFAULT, 10, 2, new Wait(1_000_000_000, 8, false));

  /**
   * For admission of data by bytes: what waited three seconds goes first and past the window, so
   * that a host that is asked for data and sends none holds nobody up for longer.
   */
  public static final SchedulerOptions ADMISSION =
      new SchedulerOptions(
          IN_FLIGHT_MAX, IN_FLIGHT_MAX, Weights.DEFAULT, 10, 2, new Wait(3_000_000_000L, 1, true));

  public SchedulerOptions {
    range("inFlightMax", inFlightMax, 1, IN_FLIGHT_MAX);
    range("lineInFlightMax", lineInFlightMax, 1, IN_FLIGHT_MAX);
    range("minimumPercent", minimumPercent, 1, 90);
    range("backgroundMinimumPercent", backgroundMinimumPercent, 1, minimumPercent);
  }

  private static void range(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " " + value + ": " + least + " to " + most);
    }
  }

  /**
   * Shares of classes 4 to 1 where all of them have work.
   *
   * @param normal weight of class 4, as the others 1 to 1000
   */
  public record Weights(int normal, int prefetch, int bulk, int background) {
    public static final Weights DEFAULT = new Weights(50, 24, 24, 2);
    public static final int WEIGHT_MAX = 1000;

    public Weights {
      range("weights.normal", normal, 1, WEIGHT_MAX);
      range("weights.prefetch", prefetch, 1, WEIGHT_MAX);
      range("weights.bulk", bulk, 1, WEIGHT_MAX);
      range("weights.background", background, 1, WEIGHT_MAX);
    }

    /** Weight of a class from 1 to 4. */
    public int of(int ioClass) {
      return switch (ioClass) {
        case IoClass.NORMAL -> normal;
        case IoClass.PREFETCH -> prefetch;
        case IoClass.BULK -> bulk;
        default -> background;
      };
    }
  }

  /**
   * What becomes of entries that were passed over for long.
   *
   * @param longestNs from then on an entry goes before the others of classes 1 to 4 ...
   * @param turns ... every so many starts; 1: always
   * @param passesWindow and whatever the window says
   */
  public record Wait(long longestNs, int turns, boolean passesWindow) {
    public Wait {
      range("waiting.longestNs", longestNs, 1, Long.MAX_VALUE);
      range("waiting.turns", turns, 1, 1 << 20);
    }
  }
}
