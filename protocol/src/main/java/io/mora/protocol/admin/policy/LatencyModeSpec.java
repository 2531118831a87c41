package io.mora.protocol.admin.policy;

/** How latency is traded for throughput on a subsystem or a namespace. */
public enum LatencyModeSpec {
  /** As the subsystem has it; for a subsystem, AUTO. */
  INHERIT,
  /** Coalesce, long pieces. */
  THROUGHPUT,
  /** Flush at once, short pieces, spin. */
  BOUNDED,
  /** BOUNDED while latency classes are active, THROUGHPUT otherwise. */
  AUTO;

  /** This, or the other where this inherits, and AUTO where that does too. */
  public LatencyModeSpec or(LatencyModeSpec outer) {
    if (this != INHERIT) {
      return this;
    }
    return outer == INHERIT ? AUTO : outer;
  }
}
