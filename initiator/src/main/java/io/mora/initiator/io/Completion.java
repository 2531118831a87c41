package io.mora.initiator.io;

import io.mora.protocol.intent.IntentCodec;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** How a command ended, as a value to keep. */
public final class Completion {
  private static final AtomicIntegerFieldUpdater<Completion> CONSUMED =
      AtomicIntegerFieldUpdater.newUpdater(Completion.class, "consumed");

  private final int status;
  private final long result;
  private final int retries;
  private final int latencyClass;
  private final Timing timing;
  private final Place place;
  private final @Nullable ConsumptionListener consumption;

  @SuppressWarnings("UnusedVariable") // by CONSUMED
  private volatile int consumed;

  private Completion(IoResult io) {
    status = io.status();
    result = io.result();
    retries = io.retries();
    latencyClass = IntentCodec.latencyClass(io.cdw3());
    timing =
        new Timing(
            io.intendedStartNs(), io.submittedNs(), io.sentNs(), io.completedNs(), io.readyNs());
    place = new Place(io.completionCpu(), io.consumerCpu());
    consumption = io.consumption();
  }

  public static Completion of(IoResult io) {
    return new Completion(io);
  }

  /**
   * When a command did what, in {@link System#nanoTime} of this process.
   *
   * @param intendedStartNs when the caller meant it to start
   * @param submittedNs when it was handed to its queue
   * @param sentNs when its capsule was last handed to the socket; 0 if it never was
   * @param completedNs when the bytes that ended it were read from the socket
   * @param readyNs when its consumer first ran
   */
  public record Timing(
      long intendedStartNs, long submittedNs, long sentNs, long completedNs, long readyNs) {
    /** From the intended start until it was read from the socket. */
    public long totalNs() {
      return completedNs - intendedStartNs;
    }

    /** Waiting in this host for a place in the queue. */
    public long queuedNs() {
      return sentNs == 0 ? completedNs - submittedNs : sentNs - submittedNs;
    }

    /** From the socket to the consumer. */
    public long wakeUpNs() {
      return readyNs - completedNs;
    }
  }

  /**
   * Where it ended.
   *
   * @param completionCpu CPU that read it from the socket, or -1
   * @param consumerCpu as {@link IoResult#consumerCpu}
   */
  public record Place(int completionCpu, int consumerCpu) {
    /** Both are known and differ. */
    public boolean isMiss() {
      return completionCpu >= 0 && consumerCpu >= 0 && completionCpu != consumerCpu;
    }
  }

  /**
   * A packed {@link io.mora.protocol.status.Status}; a stage that completes normally holds a
   * success.
   */
  public int status() {
    return status;
  }

  /** DW0 in the low half, DW1 in the high. */
  public long result() {
    return result;
  }

  /** Times it was sent beyond the first. */
  public int retries() {
    return retries;
  }

  /** Class of the intent it was sent with, 0 for none. */
  public int latencyClass() {
    return latencyClass;
  }

  /** This host's times. */
  public Timing timing() {
    return timing;
  }

  public Place place() {
    return place;
  }

  /** The target's times, if it told them. */
  public TargetTiming target() {
    return TargetTiming.of(result);
  }

  /**
   * Says that the data is put to use now, such as handed to an accelerator: the end of the gap from
   * storage to there, which the association's signals show. The first call counts; any thread.
   */
  public void consumed() {
    if (consumption != null && CONSUMED.compareAndSet(this, 0, 1)) {
      consumption.consumed(latencyClass, System.nanoTime() - timing.readyNs());
    }
  }

  public int dw0() {
    return (int) result;
  }

  public int dw1() {
    return (int) (result >>> 32);
  }

  @Override
  public String toString() {
    return "status " + Integer.toHexString(status) + "h, " + timing.totalNs() + " ns, " + place;
  }
}
