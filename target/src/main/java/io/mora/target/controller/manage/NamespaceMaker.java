package io.mora.target.controller.manage;

import io.mora.protocol.Nqn;

/** Carries out what hosts want changed about namespaces. */
public interface NamespaceMaker {
  /**
   * Does it, or nothing of it, on a thread that may wait. Any thread.
   *
   * @param done told on that thread, when the change is in force and kept
   */
  void carryOut(NamespaceOrder order, Done done);

  /** Told of the end. */
  interface Done {
    /**
     * @param status as a command ends
     * @param nsid of the namespace that was made, else 0
     */
    void ended(int status, int nsid);
  }

  /** Bytes that may still be made into namespaces of a subsystem; any thread. */
  long freeBytes(Nqn subsystem);
}
