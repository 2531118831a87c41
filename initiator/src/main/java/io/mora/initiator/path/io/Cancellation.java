package io.mora.initiator.path.io;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.IoHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a caller's handle cancels: the tries of one I/O, whose handles are of this I/O only, so that
 * one that comes too late meets nobody.
 */
final class Cancellation implements IoHandle.Canceller {
  final IoHandle first = new IoHandle();
  final IoHandle second = new IoHandle();
  private final SharedNamespace shared;
  private final boolean forwards;
  private volatile boolean asked;
  private volatile @Nullable Intent hastened;

  /**
   * @param forwards what was sent is aborted, too; of a write it would be unknown what it leaves
   */
  Cancellation(SharedNamespace shared, boolean forwards) {
    this.shared = shared;
    this.forwards = forwards;
  }

  boolean asked() {
    return asked;
  }

  @Override
  public void cancel(Object what, IoHandle handle, int generation) {
    if (!handle.isBound(what, generation)) {
      return;
    }
    asked = true;
    if (forwards) {
      first.cancel();
      second.cancel();
    }
    shared.wake();
  }

  @Override
  public void hasten(Object what, IoHandle handle, int generation, Intent intent) {
    if (forwards && handle.isBound(what, generation)) {
      remember(intent);
      first.hasten(intent);
      second.hasten(intent);
    }
  }

  /** For tries that are still to come; callers' threads only, and seldom. */
  private synchronized void remember(Intent intent) {
    Intent known = hastened;
    if (known == null || known.latencyClass() < intent.latencyClass()) {
      hastened = intent;
    }
  }

  /** What a try goes with instead of this: what the caller asked for since, if that is higher. */
  @Nullable Intent raised(@Nullable Intent own) {
    Intent to = hastened;
    return to == null || own == null || own.latencyClass() >= to.latencyClass() ? own : to;
  }

  /** A try was handed over, while the caller may have asked; its queue knows what it has. */
  void handedOver(IoHandle by) {
    Intent to = hastened;
    if (to != null) {
      by.hasten(to);
    }
  }
}
