package io.mora.initiator.step;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * One step of a consumer, such as a decoded token or a served request: the reads it waits for, and
 * those it makes ahead because it may need them.
 *
 * <pre>{@code
 * try (Step step = pages.step(17, Duration.ofMillis(5))) {
 *   Prefetch next = step.prefetch(layer2, 8, buffer2, 80);
 *   step.read(layer1, 8, buffer1).thenAccept(c -> compute(buffer1)).toCompletableFuture().join();
 *   if (needed) {
 *     next.consume().thenAccept(c -> compute(buffer2)).toCompletableFuture().join();
 *   }
 * } // a prefetch nobody consumed is aborted at the target
 * }</pre>
 *
 * <p>Demand reads are critical and step-critical, with what is left of the step's budget; so is a
 * prefetch from when it is consumed on. Any thread. Buffers of cancelled reads stay theirs until
 * they ended: {@link #settled}.
 */
public final class Step implements AutoCloseable {
  /** Reads ahead that one step may have. */
  public static final int PREFETCHES_MAX = 4096;

  private final RemoteNamespace namespace;
  private final int flow;
  private final long budgetUs;
  private final long endNs;

  // Guarded by this.
  private final Set<Prefetch> unread = new HashSet<>();
  private final List<CompletableFuture<?>> pending = new ArrayList<>();
  private boolean closed;
  private int cancelled;

  /** Begins; {@link RemoteNamespace#step} is the way to get one. */
  public Step(RemoteNamespace namespace, int flow, Duration budget) {
    // Refuses what is out of range, and says what is in it.
    Intent checked = Intent.critical().flow(flow).budget(budget);
    this.namespace = namespace;
    this.flow = flow;
    this.budgetUs = checked.budgetUs();
    this.endNs = System.nanoTime() + budget.toNanos();
  }

  /** A read the step waits for. */
  public CompletionStage<Completion> read(long slba, int blocks, ByteBuffer dst) {
    requireOpen();
    return namespace.read(slba, blocks, dst, demand());
  }

  /**
   * As {@link #read}, but a target that cannot meet what is left of the budget may refuse it: it
   * then fails with status {@code INTENT_CANNOT_MEET}, which {@link
   * io.mora.initiator.io.IoOutcome#REFUSED} tells, and what the buffer holds then does not count.
   */
  public CompletionStage<Completion> tryRead(long slba, int blocks, ByteBuffer dst) {
    requireOpen();
    return namespace.read(slba, blocks, dst, demand().refusable());
  }

  Intent demand() {
    return Intent.critical().step().timed().flow(flow).budgetUs(leftUs());
  }

  /**
   * A read that may turn out to be of use within the step.
   *
   * @param confidencePercent how sure that is, 0 to 100
   * @throws RejectedExecutionException if the step has {@value #PREFETCHES_MAX} already
   */
  public Prefetch prefetch(long slba, int blocks, ByteBuffer dst, int confidencePercent) {
    requireOpen();
    Intent intent = Intent.prefetch(confidencePercent).expire().flow(flow).budgetUs(leftUs());
    IoHandle handle = new IoHandle();
    synchronized (this) {
      if (unread.size() >= PREFETCHES_MAX) {
        throw new RejectedExecutionException(
            "a step has at most " + PREFETCHES_MAX + " reads ahead");
      }
    }
    CompletionStage<Completion> stage =
        namespace.read(slba, blocks, dst, IoOptions.of(intent).handle(handle));
    Prefetch prefetch = new Prefetch(this, handle, stage);
    synchronized (this) {
      unread.add(prefetch);
      pending.removeIf(CompletableFuture::isDone);
      pending.add(stage.toCompletableFuture());
      if (!closed) {
        return prefetch;
      }
    }
    prefetch.cancel(); // Closed meanwhile, by another thread.
    return prefetch;
  }

  /** What is left of the budget; at least a microsecond, for a late read is still wanted. */
  private long leftUs() {
    return Math.max(1, Math.min(budgetUs, (endNs - System.nanoTime()) / 1000));
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the step is closed");
    }
  }

  synchronized void consumed(Prefetch prefetch) {
    unread.remove(prefetch);
  }

  /** Reads ahead that were neither consumed nor ended when the step closed. */
  public synchronized int cancelled() {
    return cancelled;
  }

  /** Completes when no read ahead of this step is under way and their buffers are free. */
  public synchronized CompletionStage<Void> settled() {
    CompletableFuture<?>[] all = new CompletableFuture<?>[pending.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = pending.get(i).handle((done, failure) -> null);
    }
    return CompletableFuture.allOf(all);
  }

  /** Cancels what was read ahead and not consumed; does not wait for it. */
  @Override
  public void close() {
    List<Prefetch> left;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      left = new ArrayList<>(unread);
      unread.clear();
    }
    int count = 0;
    for (Prefetch prefetch : left) {
      count += prefetch.cancel() ? 1 : 0;
    }
    synchronized (this) {
      cancelled = count;
    }
  }
}
