package io.mora.initiator.step;

import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoHandle;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A read ahead of need, of one {@link Step}. */
public final class Prefetch {
  private final Step step;
  private final IoHandle handle;
  private final CompletionStage<Completion> stage;
  private final AtomicBoolean used = new AtomicBoolean();
  private final AtomicBoolean marked = new AtomicBoolean();

  Prefetch(Step step, IoHandle handle, CompletionStage<Completion> stage) {
    this.step = step;
    this.handle = handle;
    this.stage = stage;
  }

  /**
   * How it ends: fails with status {@code INTENT_EXPIRED} if it was dropped and {@code
   * ABORT_REQUESTED} if it was cancelled, which {@link io.mora.initiator.io.IoOutcome} tells. The
   * buffer is the read's until then.
   */
  public CompletionStage<Completion> stage() {
    return stage;
  }

  /**
   * Takes the data into use: the step's end no longer cancels it, and what is not there yet is
   * asked for as a demand read is ({@link IoHandle#hasten}). As {@link #stage}.
   */
  public CompletionStage<Completion> consume() {
    claim();
    if (marked.compareAndSet(false, true)) {
      stage.thenAccept(Completion::consumed).exceptionally(failure -> null);
    }
    return stage;
  }

  /**
   * As {@link #consume}, for who hands the data on: it counts as consumed only when the caller says
   * so with {@link Completion#consumed}, or {@code Accelerator.handOff} does.
   */
  public CompletionStage<Completion> claim() {
    if (used.compareAndSet(false, true)) {
      step.consumed(this);
      if (!stage.toCompletableFuture().isDone()) {
        handle.hasten(step.demand());
      }
    }
    return stage;
  }

  /** Its data was taken into use, or claimed for that. */
  public boolean isConsumed() {
    return used.get();
  }

  /** Cancels it, unless it was consumed or has ended. */
  public boolean cancel() {
    return !used.get() && handle.cancel();
  }

  boolean isUnderWay() {
    return handle.isUnderWay();
  }
}
