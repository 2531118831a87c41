package io.mora.target.controller;

import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;

/**
 * What a host has switched on of the latency-intent extension on one controller, by Set Features
 * E0h. Written by the home shard, read by every shard: until a host opts in, CDW2 and CDW3 mean
 * nothing.
 */
public final class IntentState {
  /** Get Features E0h: highest class granted, at 11:9. */
  private static final int CLASS_NORMAL = 4 << 9;

  private static final int FINE_TIMING = 1 << 13;
  private static final int GENERATION = 1 << 16;

  private final boolean offered;
  private final boolean fineTiming;
  private volatile int control;

  IntentState(boolean offered, boolean fineTiming) {
    this.offered = offered;
    this.fineTiming = fineTiming;
  }

  /** The extension is on in the configuration. */
  public boolean isOffered() {
    return offered;
  }

  public boolean fineTiming() {
    return fineTiming;
  }

  /** The host opted in: intent in CDW2 and CDW3 counts. */
  public boolean isEnabled() {
    return control != 0;
  }

  /** Every command with intent gets a timing reply, not only those that ask. */
  public boolean timingForAll() {
    return (control & IntentFeature.TIMING_ALL) != 0;
  }

  /** Applies CDW11 of Set Features E0h; false when it asks for what is not there. */
  public boolean set(int cdw11) {
    int version = cdw11 & 0xF;
    int flags = cdw11 & 0xFFF0;
    int known = IntentFeature.CARRIER_A | IntentFeature.TIMING_ALL;
    if (cdw11 >>> 16 != IntentFeature.MAGIC || (flags & ~known) != 0) {
      return false;
    }
    if (version == 0) {
      control = 0;
      return true;
    }
    if ((flags & IntentFeature.CARRIER_A) == 0) {
      return false;
    }
    // The highest version not above the one asked for: there is one.
    control = IntentCodec.VERSION | flags;
    return true;
  }

  void reset() {
    control = 0;
  }

  /** DW0 of Get Features E0h. */
  public int get() {
    return control | CLASS_NORMAL | (fineTiming ? FINE_TIMING : 0) | GENERATION;
  }
}
