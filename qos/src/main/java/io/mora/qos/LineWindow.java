package io.mora.qos;

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

  /** How long, and for how many I/Os, the device's busy places are counted before they count. */
  static final long SPAN_NS = 20_000_000;

  static final int SPAN_IOS = 32;

  /** How often a window at its floor looks whether the device can do more. */
  static final long PROBE_LEAST_NS = 200_000_000;

  static final int PROBE_PARTS = 4;
  static final long PROBE_MOST_NS = 5_000_000_000L;

  private static final int PERCENT = 100;
  private static final int PERMILLE = 1000;
  private static final int PIECE_DECAY = 16;
  private static final int PLACES_DECAY = 64;
  private static final int PLACES_MORE = 10;

  private final DeviceWindow window;
  private final int member;

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
  private long spanCost;
  private int spanIos;
  private boolean spanHeld;
  private boolean spanBusy;
  private long placesPermille;
  private boolean probing;
  private long probedNs;
  private long probeNs = PROBE_LEAST_NS;

  private long heldSinceNs;
  private boolean holding;
  private long heldNs;

  LineWindow(DeviceWindow window, long nowNs) {
    this.window = window;
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
    long part = probing ? share + Math.max(pieceCost, share / PROBE_PARTS) : share;
    boolean fits = inFlightCost == 0 || cost <= part - inFlightCost;
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
      heldNs += nowNs - heldSinceNs;
    }
  }

  /** Nothing of classes 1 to 4 waits any more. */
  void nothingWaits(long nowNs) {
    spanBusy = false;
    if (holding) {
      hold(false, nowNs);
    }
  }

  /** Time for which the window held something back. */
  long heldNs() {
    return heldNs;
  }

  long inFlightCost() {
    return inFlightCost;
  }

  void latencyQueued(long nowNs) {
    if (nowNs - toldNs >= REFRESH_NS) {
      toldNs = nowNs;
      window.latencyActive(nowNs);
      window.begin(pieceCost);
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
  void completed(long cost, long nowNs) {
    inFlightCost -= cost;
    spanCost += cost;
    spanIos++;
    refresh(nowNs);
    if (nowNs - spanNs >= SPAN_NS && spanIos >= SPAN_IOS) {
      endSpan(nowNs);
    }
  }

  /*
   * Places of the device that work of classes 1 to 4 keeps busy: its cost done by the time it took.
   * The greatest seen counts. It is forgotten slowly, and only by spans in which there was work all
   * the time and the window let all of it through: else a small window would prove itself right.
   */
  private void endSpan(long nowNs) {
    long permille = spanCost * PERMILLE / (nowNs - spanNs);
    boolean more = permille > placesPermille + placesPermille / PLACES_MORE;
    if (permille > placesPermille) {
      placesPermille = permille;
    } else if (spanBusy && !spanHeld) {
      placesPermille -= (placesPermille - permille) / PLACES_DECAY;
    }
    window.places(member, placesPermille);
    probe(more, nowNs);
    spanNs = nowNs;
    spanCost = 0;
    spanIos = 0;
    spanBusy = true;
    spanHeld = holding;
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
      probing = share / 2 <= window.floor(pieceCost);
    }
  }

  /** A latency-class entry is back after so long, and would have taken so long alone. */
  void latencyDone(long deviceNs, long aloneNs, long nowNs) {
    WindowPolicy policy = window.policy();
    if (!policy.drivenByDelay()) {
      return;
    }
    samples++;
    if (deviceNs > aloneNs * policy.tolerancePercent() / PERCENT + policy.slackNs()) {
      late++;
    }
    if (late >= LATE_MAX) {
      window.decrease(pieceCost, nowNs);
      endEpoch(nowNs);
    } else if (samples >= EPOCH_SAMPLES || nowNs - epochNs >= EPOCH_NS) {
      if (late == 0 && heldBack) {
        window.increase(pieceCost);
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
    long limit = window.limit(nowNs);
    share = limit == Long.MAX_VALUE || window.isFixed() ? limit : limit / window.sharers(nowNs);
  }
}
