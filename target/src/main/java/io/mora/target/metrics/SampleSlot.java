package io.mora.target.metrics;

import org.jspecify.annotations.Nullable;

/** What is told of a command that has left; filled anew for each, by one thread. */
public final class SampleSlot {
  public int nsid;
  public int opcode;
  public long bytes;

  /** Record of log E0h: 0 without intent, else the effective class. */
  public int record;

  public int effectiveClass;
  public boolean deferred;
  public boolean downgraded;
  public boolean throttled;
  public boolean expired;
  public boolean step;
  public boolean cacheHit;
  public boolean registrationHit;
  public boolean registrationStale;
  public int flow;

  /** Nanoseconds from each beat to the next; 0 for what it did not go through. */
  public long leaveNs;

  public long bufferNs;
  public long hostNs;
  public long scheduledNs;
  public long deviceNs;
  public long sendNs;

  /** Received to handed to the socket. */
  public long totalNs;

  /** Received to issued. */
  public long queueNs;

  public long budgetNs;

  /** Why it was late, null if it was not. */
  public @Nullable LateCause late;

  /** Finds out whether it was late, and what most of its time went to. */
  public void judge() {
    late = null;
    if (totalNs - hostNs <= budgetNs) {
      return;
    }
    if (throttled) {
      late = LateCause.TOKEN_BUCKET;
      return;
    }
    LateCause worst = LateCause.SEND;
    long most = sendNs;
    if (deviceNs > most) {
      most = deviceNs;
      worst = LateCause.DEVICE;
    }
    if (scheduledNs > most) {
      most = scheduledNs;
      worst = LateCause.ADMISSION;
    }
    if (bufferNs > most) {
      most = bufferNs;
      worst = LateCause.BUFFER_WAIT;
    }
    late = leaveNs > most ? LateCause.R2T_WAIT : worst;
  }
}
