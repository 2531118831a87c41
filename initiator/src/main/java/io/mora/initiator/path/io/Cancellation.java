package io.mora.initiator.path.io;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.IoHandle;

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
    if (handle.isBound(what, generation)) {
      first.hasten(intent);
      second.hasten(intent);
    }
  }
}
