package io.mora.initiator.locality;

import io.mora.qos.locality.CpuTopology;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who goes on when an I/O ends, and on which CPU. A namespace view made with {@code
 * RemoteNamespace.with(IoConsumer)} sends its commands on the queue whose loop is nearest to that
 * CPU.
 *
 * <p>With an executor, callbacks and stages run there. Where its thread really runs is looked at
 * each time: a consumer that moved is believed after {@value #MOVED_AFTER} completions elsewhere in
 * a row, and its next commands take the queue nearest to its new place.
 *
 * <p>May be shared by any threads; meant for one consumer thread, or several on one CPU.
 */
public final class IoConsumer {
  /** Completions in a row on another CPU after which the consumer counts as moved. */
  public static final int MOVED_AFTER = 64;

  /** Not known. */
  public static final int ANYWHERE = -1;

  private static final int TAGS = 255;
  private static final AtomicInteger NEXT_TAG = new AtomicInteger();

  private final @Nullable Executor executor;
  private final int tag = Math.floorMod(NEXT_TAG.getAndIncrement(), TAGS) + 1;
  private volatile int cpu;

  // By the executor's threads; a lost count only delays.
  private int elsewhere;

  private IoConsumer(@Nullable Executor executor, int cpu) {
    if (cpu < ANYWHERE || cpu >= CpuTopology.MAX_CPUS) {
      throw new IllegalArgumentException(
          "cpu " + cpu + ": -1 (not known) to " + (CpuTopology.MAX_CPUS - 1));
    }
    this.executor = executor;
    this.cpu = cpu;
  }

  /** One that is told on the queue's loop and runs on the given CPU. */
  public static IoConsumer onCpu(int cpu) {
    return new IoConsumer(null, cpu);
  }

  /**
   * One that is told on its executor.
   *
   * @param cpu where the executor's thread is pinned, or {@link #ANYWHERE} to find out
   */
  public static IoConsumer on(Executor executor, int cpu) {
    return new IoConsumer(executor, cpu);
  }

  /** One that is told on the queue's loop and runs where the calling thread runs now. */
  public static IoConsumer ofThisThread() {
    return new IoConsumer(null, ThreadCpu.current());
  }

  /** Where it is told, or null for the queue's loop. */
  public @Nullable Executor executor() {
    return executor;
  }

  /** Its CPU as declared or last believed, or {@link #ANYWHERE}. */
  public int cpu() {
    return cpu;
  }

  /** It runs on another CPU from now on. */
  public void moved(int newCpu) {
    cpu = newCpu;
    elsewhere = 0;
  }

  /** Tells the target which commands have the same consumer: AFF, 1 to 255. */
  public int tag() {
    return tag;
  }

  /** The executor ran for a completion on this CPU. */
  public void ranOn(int observedCpu) {
    if (observedCpu < 0 || observedCpu == cpu) {
      elsewhere = 0;
    } else if (cpu == ANYWHERE || ++elsewhere >= MOVED_AFTER) {
      moved(observedCpu);
    }
  }
}
