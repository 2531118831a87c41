package io.mora.initiator.path.hedge;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many reads may be sent twice: a token bucket that each read fills by the ratio and each hedge
 * takes one from. It starts empty, so hedges never exceed ratio × reads, whenever one looks. Any
 * thread.
 */
public final class HedgeBudget {
  private static final long TOKEN = 1_000_000;

  private final long perRead;
  private final long most;
  private final AtomicLong level = new AtomicLong();

  /**
   * @param ratio hedges for each read, 0 to 1
   * @param burst hedges that may be saved, 1 or more; beyond it reads fill nothing
   */
  public HedgeBudget(double ratio, int burst) {
    this.perRead = (long) (ratio * TOKEN);
    this.most = burst * TOKEN;
  }

  /** A read that might have been hedged was submitted. */
  public void read() {
    long before = level.get();
    while (before < most && !level.compareAndSet(before, Math.min(most, before + perRead))) {
      before = level.get();
    }
  }

  /** Takes the right to a hedge, if there is one. */
  public boolean take() {
    long before = level.get();
    while (before >= TOKEN) {
      if (level.compareAndSet(before, before - TOKEN)) {
        return true;
      }
      before = level.get();
    }
    return false;
  }

  /** Gives back what {@link #take} took: nothing was sent. */
  public void undo() {
    level.addAndGet(TOKEN);
  }
}
