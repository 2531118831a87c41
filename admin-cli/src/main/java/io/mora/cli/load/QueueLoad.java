package io.mora.cli.load;

import io.mora.cli.load.sync.SyncIo;
import io.mora.cli.load.sync.Waited;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.NvmeException;
import io.mora.protocol.status.Status;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The load on one queue: as many slots as its depth, each with a buffer and one I/O under way.
 *
 * <p>Nothing is allocated per I/O. Assumes that the queue's callbacks come on one thread.
 * Guarantees that {@link #done} opens when no I/O is under way and none will follow. A failed I/O
 * ends the load of its queue: what is measured while things fail is of no use.
 */
public final class QueueLoad implements IoCallback {
  /** Context of the first read of a closed loop, which is not part of the load. */
  private static final long KICK = -1;

  private final RemoteNamespace namespace;
  private final Workload workload;
  private final Indices indices;
  private final Dice dice;
  private final @Nullable Stamps stamps;
  private final Window window;
  private final ThreadStages everybodys;
  private @Nullable Stages stages;
  private final long budgetNs;
  private final IoOptions options = new IoOptions();
  private final int ioBlocks;
  private final long firstBlock;

  private final ByteBuffer[] buffers;
  private final long[] indexOf;
  private final boolean[] readOf;
  private final SlotRing free;

  private int active;
  private int withheld;
  private long verified;
  private volatile long completions;
  private volatile @Nullable Failure failure;
  private final CountDownLatch done = new CountDownLatch(1);

  /** Why a queue's load ended early: an I/O failed, or its data was wrong. */
  public record Failure(String message, boolean wrongData, @Nullable NvmeException cause) {}

  /**
   * What the loads of all queues share for a while.
   *
   * @param stamps for a verified load, else null
   * @param stages what is recorded
   * @param budgetNs what an I/O may take before it is late
   */
  record Phase(Window window, @Nullable Stamps stamps, ThreadStages stages, long budgetNs) {}

  QueueLoad(RemoteNamespace queue, Workload workload, Indices indices, Dice dice, Phase phase) {
    this.namespace = queue;
    this.workload = workload;
    this.indices = indices;
    this.dice = dice;
    this.stamps = phase.stamps();
    this.window = phase.window();
    this.everybodys = phase.stages();
    this.budgetNs = phase.budgetNs();
    this.ioBlocks = workload.blockBytes() / queue.blockBytes();
    this.firstBlock = workload.region().offsetBytes() / queue.blockBytes();
    int depth = workload.depth();
    this.buffers = new ByteBuffer[depth];
    this.indexOf = new long[depth];
    this.readOf = new boolean[depth];
    this.free = new SlotRing(depth);
    ByteBuffer all = ByteBuffer.allocateDirect(Math.multiplyExact(depth, workload.blockBytes()));
    for (int at = 0; at < all.capacity(); at += Long.BYTES) {
      all.putLong(at, dice.next()); // data that nothing on the way can compress
    }
    for (int slot = 0; slot < depth; slot++) {
      buffers[slot] = all.slice(slot * workload.blockBytes(), workload.blockBytes());
      free.put(slot);
    }
  }

  /**
   * Starts a closed loop. One small read goes ahead, so that everything else happens on the queue's
   * own thread.
   */
  void startClosed() {
    ByteBuffer kick = ByteBuffer.allocateDirect(namespace.blockBytes());
    if (!namespace.read(firstBlock, 1, kick, IoOptions.PLAIN, this, KICK)) {
      refused();
      done.countDown();
    }
  }

  /**
   * Starts one I/O of an open loop, on the pacing thread.
   *
   * @return false if every slot is taken
   */
  boolean offer(long intendedNs) {
    int slot = free.take();
    if (slot < 0) {
      return false;
    }
    if (!issue(slot, intendedNs)) {
      withheld++; // the load is over; only the completing thread may put slots back
    }
    return true;
  }

  /** After the last {@link #offer}: whether every slot came back. */
  boolean idle() {
    return free.size() + withheld == workload.depth();
  }

  @Override
  public void completed(long context, int status, IoResult io) {
    if (context == KICK) {
      kicked(status, io);
      return;
    }
    int slot = (int) context;
    boolean good = count(slot, status, io);
    if (workload.openLoop()) {
      free.put(slot);
    } else if (!good || window.over(io.completedNs()) || !issue(slot, 0)) {
      retire();
    }
  }

  /** False if the load is to end. */
  private boolean count(int slot, int status, IoResult io) {
    boolean good;
    if (status == Status.INTENT_EXPIRED) {
      good = true; // dropped, as it was allowed to be
      if (window.counts(io.intendedStartNs())) {
        recorded().verdicts().recordExpired();
      }
    } else {
      good = Status.isSuccess(status) ? right(slot) : failed(io);
      if (good && window.counts(io.intendedStartNs())) {
        recorded().record(readOf[slot], io, budgetNs);
        long done = completions + 1; // this thread is the only writer
        completions = done;
      }
      if (good && window.counts(io.completedNs())) {
        recorded().done(readOf[slot]);
      }
    }
    return good;
  }

  /** Runs the load in the calling thread, which waits for each I/O before it starts the next. */
  void runWaiting(SyncIo sync) {
    Waited waited = null;
    boolean good = true;
    long nowNs = System.nanoTime();
    while (good && !window.over(nowNs) && prepare(0)) {
      options.intendedStartNs(nowNs);
      IoResult io = sync.run(readOf[0], slba(0), ioBlocks, buffers[0], options);
      nowNs = System.nanoTime();
      waited = (waited == null ? new Waited(io) : waited).of(io, nowNs);
      good = count(0, io.status(), waited);
    }
  }

  /** The thread of a load that waits is through, well or not. */
  void ended(@Nullable RuntimeException why) {
    if (why != null) {
      NvmeException cause = why instanceof NvmeException nvme ? nvme : null;
      failure = new Failure(String.valueOf(why), false, cause);
    }
    done.countDown();
  }

  private Stages recorded() {
    Stages known = stages;
    if (known == null) {
      known = everybodys.ofThisThread();
      stages = known;
    }
    return known;
  }

  private void kicked(int status, IoResult io) {
    if (!Status.isSuccess(status)) {
      failed(io);
    }
    active = workload.depth();
    for (int slot = 0; slot < workload.depth(); slot++) {
      if (failure != null || !issue(slot, 0)) {
        retire();
      }
    }
  }

  private void retire() {
    if (--active == 0) {
      done.countDown();
    }
  }

  /** Chooses a slot's next I/O; false when there is nothing more to do. */
  private boolean prepare(int slot) {
    long index = failure != null ? Indices.END : indices.next(slot);
    if (index == Indices.END) {
      return false;
    }
    boolean read = dice.percent(workload.readPercent());
    ByteBuffer data = buffers[slot];
    indexOf[slot] = index;
    readOf[slot] = read;
    if (!read && stamps != null) {
      stamps.stamp(data, index);
    }
    return true;
  }

  private long slba(int slot) {
    return firstBlock + indexOf[slot] * ioBlocks;
  }

  /** False when there is nothing more to do, or it was refused. */
  private boolean issue(int slot, long intendedNs) {
    if (!prepare(slot)) {
      return false;
    }
    options.intendedStartNs(intendedNs);
    boolean taken =
        readOf[slot]
            ? namespace.read(slba(slot), ioBlocks, buffers[slot], options, this, slot)
            : namespace.write(slba(slot), ioBlocks, buffers[slot], options, this, slot);
    if (!taken) {
      refused();
    }
    return taken;
  }

  private boolean right(int slot) {
    if (stamps == null || !readOf[slot] || !stamps.known(indexOf[slot])) {
      return true;
    }
    String problem = stamps.problem(buffers[slot], indexOf[slot]);
    if (problem != null) {
      failure = new Failure(problem, true, null);
      return false;
    }
    verified++;
    return true;
  }

  private boolean failed(IoResult io) {
    NvmeException cause = io.exception();
    failure = new Failure(String.valueOf(cause.getMessage()), false, cause);
    return false;
  }

  private void refused() {
    failure = new Failure("the initiator refused an I/O: too many wait, or it closed", false, null);
  }

  @Nullable Failure failure() {
    return failure;
  }

  CountDownLatch done() {
    return done;
  }

  /** I/Os that count, so far; any thread. */
  long completions() {
    return completions;
  }

  /** Only after the load is over. */
  long verified() {
    return verified;
  }

  /** Of this queue and those it shares threads with; only after the load is over. */
  Collection<Stages> stages() {
    return everybodys.all();
  }
}
