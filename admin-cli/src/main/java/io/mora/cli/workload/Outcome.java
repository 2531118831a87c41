package io.mora.cli.workload;

import io.mora.cli.workload.Tally.Count;
import java.util.List;

/**
 * What a run came to.
 *
 * @param phases in order; the sum of none
 * @param normalAfterNs how long after the last phase began requests were as quick again as twice
 *     the first phase's p99; -1 never, or there was one phase
 * @param besideBytesPerSecond of the checkpoint beside it
 * @param besideP99Ns of its writes
 * @param clientCpus that this program kept busy
 */
record Outcome(
    List<PhaseOutcome> phases,
    long normalAfterNs,
    double besideBytesPerSecond,
    long besideP99Ns,
    double clientCpus) {
  /** Twice the usual p99 counts as usual. */
  private static final int USUAL_TIMES = 2;

  static Outcome of(List<Tally> tallies, Checkpoint beside, double clientCpus) {
    Tally first = tallies.get(0);
    Tally last = tallies.get(tallies.size() - 1);
    long normal = tallies.size() == 1 ? -1 : last.normalAfterNs(USUAL_TIMES * first.wholeNs(99));
    return new Outcome(
        tallies.stream().map(PhaseOutcome::of).toList(),
        normal,
        beside.bytesPerSecond(),
        beside.p99Ns(),
        clientCpus);
  }

  /** What ran beside it. */
  record Checkpoint(double bytesPerSecond, long p99Ns) {
    static final Checkpoint NONE = new Checkpoint(0, 0);
  }

  PhaseOutcome first() {
    return phases.get(0);
  }

  /** All that was moved in the counted part, a second. */
  double bytesPerSecond() {
    return first().bytesPerSecond() + besideBytesPerSecond;
  }

  /**
   * What a phase came to. Times are those of the requests that were done.
   *
   * @param demandP99Ns of reads that were asked for when they were needed
   * @param stalledP99Ns that the layers of a request after the first waited, together
   */
  record PhaseOutcome(
      Tally tally,
      double donePerSecond,
      double bytesPerSecond,
      long p50Ns,
      long p99Ns,
      long p999Ns,
      long maxNs,
      long demandP50Ns,
      long demandP99Ns,
      long stalledP99Ns) {
    private static PhaseOutcome of(Tally tally) {
      double seconds = tally.lengthNs() / 1e9;
      return new PhaseOutcome(
          tally,
          tally.of(Count.DONE) / seconds,
          tally.of(Count.BYTES) / seconds,
          tally.wholeNs(50),
          tally.wholeNs(99),
          tally.wholeNs(99.9),
          tally.wholeNs(100),
          tally.demandNs(50),
          tally.demandNs(99),
          tally.stalledNs(99));
    }

    long count(Count what) {
      return tally.of(what);
    }

    /** Of the requests that were begun and not refused, 0 to 1; NaN where there are none. */
    double inTime() {
      return (double) count(Count.IN_TIME) / count(Count.DONE);
    }

    /** Of the reads asked for when they were needed that were not refused. */
    double demandsInTime() {
      return (double) count(Count.DEMANDS_IN_TIME) / count(Count.DEMANDS);
    }

    /** Layers of a request that waited. */
    double stallsEach() {
      return (double) count(Count.STALLS) / count(Count.DONE);
    }
  }
}
