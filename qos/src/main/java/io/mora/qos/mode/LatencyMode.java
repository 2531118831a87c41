package io.mora.qos.mode;

import org.jspecify.annotations.Nullable;

/** What a subsystem, namespace or queue is run for; changed live. */
public enum LatencyMode {
  /** Large pieces, few system calls, no idle processor spent: latency classes are still ordered. */
  THROUGHPUT("throughput"),

  /** Small pieces, flush at once, spin before sleeping: what is promised is a bound. */
  BOUNDED("bounded"),

  /** Bounded while a latency class is active, throughput otherwise. */
  AUTO("auto");

  private final String label;

  LatencyMode(String label) {
    this.label = label;
  }

  /** The numbers of this mode. */
  public ModeProfile profile(boolean latencyActive) {
    return switch (this) {
      case THROUGHPUT -> ModeProfile.THROUGHPUT;
      case BOUNDED -> ModeProfile.BOUNDED;
      case AUTO -> latencyActive ? ModeProfile.AUTO_ACTIVE : ModeProfile.AUTO_IDLE;
    };
  }

  /** The name in configuration. */
  public String label() {
    return label;
  }

  /** The mode of a {@link #label}, or null. */
  public static @Nullable LatencyMode of(String label) {
    for (LatencyMode mode : values()) {
      if (mode.label.equals(label)) {
        return mode;
      }
    }
    return null;
  }
}
