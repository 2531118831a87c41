package io.mora.qos;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One line's side of its device's window: what it has there, what it sees, and its part of the
 * limit. The shard's thread only.
 */
final class LineWindow {
  /*
   * Late is counted, not averaged: a device that is slow once in 500 must not look like one that is
   * crowded. An epoch of 32 latency-class I/Os may hold one late one; with two the window shrinks,
   * with none it grows if it held anything back. Few I/Os are judged after a while all the same.
   */
  static final int EPOCH_SAMPLES = 32;
  static final int LATE_MAX = 2;
  static final long EPOCH_NS = 100_000_000;

  /** How often what others do is looked at. */
  static final long REFRESH_NS = 1_000_000;

  /** How long, and for how many I/Os, what the device does is counted before it counts. */
  static final long SPAN_NS = 200_000_000;

  static final int SPAN_IOS = 64;

  /** What an I/O counts for beside its bytes when it is told what a device did. */
  private static final long IO_BYTES = 4 * 1024;

  /** How often a window at its floor looks whether the device can do more. */
  static final long PROBE_LEAST_NS = 200_000_000;

  static final int PROBE_PARTS = 4;
  static final long PROBE_MOST_NS = 5_000_000_000L;

  private static final int PERCENT = 100;
  private static final double SECOND_NS = 1e9;
  private static final int PIECE_DECAY = 16;

  private final DeviceWindow window;
  private final CostModel model;
  private final boolean fixed;
  private final int member;
  private long referenceNs;

  /** Cost of classes 1 to 4 in the device, and the mean cost of one of them. */
  private long inFlightCost;

  private long pieceCost = 1;

  private long toldNs;
  private long refreshedNs;
  private long share = Long.MAX_VALUE;

  private long epochNs;
  private int samples;
  private int late;
  private boolean heldBack;

  private long spanNs;
  private long spanBytes;
  private int spanIos;
  private boolean spanHeld;
  private boolean spanBusy;
  private boolean probing;
  private long probedNs;
  private long probeNs = PROBE_LEAST_NS;

  private long heldSinceNs;
  private boolean holding;

  /** Written by the shard's thread, read by any. */
  private final AtomicLong heldNs = new AtomicLong();

  LineWindow(DeviceWindow window, CostModel model, long nowNs) {
    this.window = window;
    this.model = model;
    fixed = window.fixedCost() != Long.MAX_VALUE;
    referenceNs = model.referenceNs();
    member = window.join(nowNs);
    toldNs = nowNs - REFRESH_NS;
    refreshedNs = toldNs;
    epochNs = nowNs;
    spanNs = nowNs;
    probedNs = nowNs;
  }

  DeviceWindow window() {
    return window;
  }

  void leave() {
    window.leave(member);
  }

  /** Whether so much more of classes 1 to 4 may start; something always may when nothing is. */
  boolean admits(long cost, long nowNs) {
    refresh(nowNs);
    // Compared by difference: share may be the greatest number there is.
    long over = inFlightCost + cost - share;
    long allowed = probing ? Math.max(pieceCost, share / PROBE_PARTS) : 0;
    boolean fits = inFlightCost == 0 || over <= allowed;
    if (fits == holding) {
      hold(!fits, nowNs);
    }
    return fits;
  }

  private void hold(boolean now, long nowNs) {
    holding = now;
    if (now) {
      heldSinceNs = nowNs;
      heldBack = true;
      spanHeld = true;
    } else {
      heldNs.lazySet(heldNs.getPlain() + nowNs - heldSinceNs);
    }
  }

  /** Nothing of classes 1 to 4 waits any more. */
  void nothingWaits(long nowNs) {
    spanBusy = false;
    if (holding) {
      hold(false, nowNs);
    }
  }

  /** Time for which the window held something back; any thread. */
  long heldNs() {
    return heldNs.get();
  }

  long inFlightCost() {
    return inFlightCost;
  }

  void latencyQueued(long nowNs) {
    if (nowNs - toldNs >= REFRESH_NS) {
      toldNs = nowNs;
      window.latencyActive(nowNs);
      refreshedNs = nowNs - REFRESH_NS;
    }
  }

  void started(long cost) {
    inFlightCost += cost;
    if (pieceCost == 1) {
      pieceCost = Math.max(1, cost);
    } else if (cost > 0) {
      pieceCost += (cost - pieceCost) / PIECE_DECAY;
    }
  }

  /** An entry of classes 1 to 4 is back. */
  void completed(ScheduledIo io, long nowNs) {
    inFlightCost -= io.costNs;
    refresh(nowNs);
    if (!io.expired && !io.unmeasured) {
      did(io.costBytes, nowNs);
    }
  }

  /** The device did so much. Counted by size and not by price: prices are learned, and change. */
  private void did(long bytes, long nowNs) {
    spanBytes += IO_BYTES + bytes;
    spanIos++;
    if (nowNs - spanNs >= SPAN_NS && spanIos >= SPAN_IOS) {
      endSpan(nowNs);
    }
  }

  private void endSpan(long nowNs) {
    if (!fixed) {
      referenceNs = model.referenceNs();
      double seconds = (nowNs - spanNs) / SECOND_NS;
      double references = (double) spanBytes / (IO_BYTES + CostModel.REFERENCE_BYTES);
      long perSecond = (long) (references * DeviceWindow.REFERENCE / seconds);
      boolean more = window.did(member, perSecond, spanBusy && !spanHeld, nowNs);
      if (spanHeld && !probing) {
        window.weigh(piece(), nowNs);
      }
      probe(more, nowNs);
    }
    spanNs = nowNs;
    spanBytes = 0;
    spanIos = 0;
    spanBusy = true;
    spanHeld = holding;
  }

  /** What one of classes 1 to 4 costs, in thousandths of the reference. */
  private long piece() {
    return Math.max(1, (long) ((double) pieceCost * DeviceWindow.REFERENCE / referenceNs));
  }

  /*
   * At its floor a window cannot see that the device could do more. So now and then it grows for
   * one span: soon again where that found more, else ever more seldom, so that a 99th percentile
   * does not notice.
   */
  private void probe(boolean foundMore, long nowNs) {
    if (probing) {
      probing = false;
      probeNs = foundMore ? PROBE_LEAST_NS : Math.min(PROBE_MOST_NS, 2 * probeNs);
    } else if (spanHeld && nowNs - probedNs >= probeNs) {
      probedNs = nowNs;
      probing = window.low(nowNs);
    }
  }

  /** A latency-class entry is back. */
  void latencyDone(ScheduledIo io, boolean measured, long nowNs) {
    long aloneNs = model.costNs(io.writes, io.costBytes);
    did(io.costBytes, nowNs);
    WindowPolicy policy = window.policy();
    if (!measured || !policy.drivenByDelay()) {
      return;
    }
    samples++;
    long deviceNs = nowNs - io.startedNs;
    if (deviceNs > aloneNs * policy.tolerancePercent() / PERCENT + policy.slackNs()
        && window.contended(nowNs)) {
      late++;
    }
    if (late >= LATE_MAX) {
      window.decrease(piece(), nowNs);
      endEpoch(nowNs);
    } else if (samples >= EPOCH_SAMPLES || nowNs - epochNs >= EPOCH_NS) {
      if (late == 0 && heldBack) {
        window.increase(piece(), referenceNs);
      }
      endEpoch(nowNs);
    }
  }

  private void endEpoch(long nowNs) {
    samples = 0;
    late = 0;
    heldBack = holding;
    epochNs = nowNs;
    refreshedNs = nowNs - REFRESH_NS;
  }

  private void refresh(long nowNs) {
    if (nowNs - refreshedNs < REFRESH_NS) {
      return;
    }
    refreshedNs = nowNs;
    if (inFlightCost > 0 || holding) {
      window.busy(member, nowNs);
    }
    if (!fixed && pieceCost > 1) { // else it is not known here what a piece is
      window.begin(piece(), nowNs);
    }
    long limit = fixed ? Long.MAX_VALUE : window.limit(nowNs);
    if (limit == Long.MAX_VALUE) {
      share = window.fixedCost();
    } else {
      double part = (double) limit / window.sharers(nowNs);
      share = Math.max(1, (long) (part * referenceNs / DeviceWindow.REFERENCE));
    }
  }
}
