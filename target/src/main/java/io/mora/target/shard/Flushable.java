package io.mora.target.shard;

import org.jspecify.annotations.Nullable;

/** Something with replies to write at the end of the turn; intrusive. The shard's thread only. */
public abstract class Flushable {
  @Nullable Flushable nextDirty;
  @Nullable Flushable nextUrgent;
  boolean dirty;
  boolean urgent;

  /** Writes and flushes all it may. */
  protected abstract void flushNow();

  /** Writes and flushes what cannot wait. */
  protected void flushUrgent() {
    flushNow();
  }

  /** A flush broke: end what cannot be trusted any more. */
  protected void failed() {}

  /** It had asked not to be read in the rest of a turn, which is over. */
  protected void turnOver() {}
}
