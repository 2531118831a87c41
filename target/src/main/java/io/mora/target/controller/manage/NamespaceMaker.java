package io.mora.target.controller.manage;

import io.mora.protocol.Nqn;

/** Carries out what hosts want changed about namespaces. */
public interface NamespaceMaker {
  /**
   * Does it, or nothing of it, on a thread that may wait. Any thread.
   *
   * @param caller told of the end, on that thread or at once
   */
  void carryOut(NamespaceOrder order, Caller caller);

  /** Who waits for it. */
  interface Caller {
    /**
     * Asked when nothing else can change any more, on a thread that may wait: whether the host may
     * still have this. If so, reservations of what it is about stand still until {@link #ended}:
     * none can come between this look and the change.
     *
     * @return success, or why not
     */
    int look();

    /**
     * The change is in force and kept, or there was none. Once.
     *
     * @param status as a command ends
     * @param nsid of the namespace that was made, else 0
     */
    void ended(int status, int nsid);
  }

  /** Bytes that may still be made into namespaces of a subsystem; any thread. */
  long freeBytes(Nqn subsystem);
}
