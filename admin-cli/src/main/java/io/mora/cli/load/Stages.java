package io.mora.cli.load;

import io.mora.initiator.io.IoResult;
import io.mora.protocol.intent.Timing;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Where the time of I/Os went, as histograms of ns. One thread records; others look when it is
 * done.
 *
 * <p>All is counted from the intended start: an I/O that had to wait for its turn, in this program
 * too, has waited.
 */
public final class Stages {
  /** A part of an I/O's time. */
  public enum Stage {
    /** In this host before the capsule was sent: pacing, and a place in the queue. */
    CLIENT,
    /** Waiting in the target before the device was asked. */
    QUEUE,
    /** In the target's device. */
    DEVICE,
    /** In the target otherwise. */
    TARGET,
    /** The wire and both network stacks; the target too, if it does not tell its share. */
    NETWORK,
    /** From the intended start to the end. */
    TOTAL
  }

  private static final long HIGHEST_NS = 100_000_000_000L;

  /** Exact enough to quote, at 220 KB a histogram. */
  static final int DIGITS = 3;

  private final int digits;

  private final Histogram reads;
  private final Histogram writes;
  private final Map<Stage, Histogram> parts = new EnumMap<>(Stage.class);
  private final Histogram client;
  private final Histogram queue;
  private final Histogram device;
  private final Histogram target;
  private final Histogram network;
  private final Verdicts verdicts = new Verdicts();
  private boolean fine;
  private long readsDone;
  private long writesDone;

  /**
   * Nothing recorded yet.
   *
   * @param digits significant ones of every value
   */
  Stages(int digits) {
    this.digits = digits;
    reads = histogram();
    writes = histogram();
    client = part(Stage.CLIENT);
    queue = part(Stage.QUEUE);
    device = part(Stage.DEVICE);
    target = part(Stage.TARGET);
    network = part(Stage.NETWORK);
  }

  private Histogram histogram() {
    return new Histogram(HIGHEST_NS, digits);
  }

  private Histogram part(Stage stage) {
    Histogram histogram = histogram();
    parts.put(stage, histogram);
    return histogram;
  }

  /**
   * Counts an I/O that ended well.
   *
   * @param budgetNs what it may take before it is late
   */
  void record(boolean read, IoResult io, long budgetNs) {
    verdicts.record(io, budgetNs);
    long totalNs = clip(io.completedNs() - io.intendedStartNs());
    (read ? reads : writes).recordValue(totalNs);
    client.recordValue(clip(io.sentNs() - io.intendedStartNs()));
    long networkNs = io.completedNs() - io.sentNs();
    if (io.hasTargetTiming()) {
      long queueNs = Timing.queueNs(io.result());
      long deviceNs = Timing.deviceNs(io.result());
      long targetNs = Timing.totalNs(io.result());
      fine |= targetNs % Timing.COARSE_NS != 0;
      queue.recordValue(clip(queueNs));
      device.recordValue(clip(deviceNs));
      target.recordValue(clip(targetNs - queueNs - deviceNs));
      networkNs -= targetNs;
    }
    network.recordValue(clip(networkNs));
  }

  /**
   * Counts an I/O that ended well while the window was open, whenever it was meant to start: what
   * was done, where {@link #record} says how long what was meant took.
   */
  void done(boolean read) {
    if (read) {
      readsDone++;
    } else {
      writesDone++;
    }
  }

  private static long clip(long ns) {
    return Math.min(Math.max(ns, 0), HIGHEST_NS);
  }

  void add(Stages other) {
    reads.add(other.reads);
    writes.add(other.writes);
    client.add(other.client);
    queue.add(other.queue);
    device.add(other.device);
    target.add(other.target);
    network.add(other.network);
    fine |= other.fine;
    verdicts.add(other.verdicts);
    readsDone += other.readsDone;
    writesDone += other.writesDone;
  }

  /** The target told its share, so that network is the network and not network and target. */
  public boolean targetKnown() {
    return device.getTotalCount() > 0;
  }

  /** It told it only to {@link Timing#COARSE_NS}: this host lacks the grant of fine timing. */
  public boolean targetCoarse() {
    return targetKnown() && !fine;
  }

  /** What became of the I/Os' budgets and classes. */
  public Verdicts verdicts() {
    return verdicts;
  }

  public Histogram reads() {
    return reads;
  }

  /** Reads that ended while the window was open. */
  public long readsDone() {
    return readsDone;
  }

  /** Writes that ended while the window was open. */
  public long writesDone() {
    return writesDone;
  }

  public Histogram writes() {
    return writes;
  }

  /** The histogram of a stage; empty if it was not told. */
  public Histogram of(Stage stage) {
    Histogram part = parts.get(stage);
    if (part != null) {
      return part;
    }
    Histogram total = histogram();
    total.add(reads);
    total.add(writes);
    return total;
  }
}
