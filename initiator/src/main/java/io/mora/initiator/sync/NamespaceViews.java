package io.mora.initiator.sync;

import io.mora.initiator.RemoteNamespace;

/** An association's namespaces, as its threads' queues need them. */
public interface NamespaceViews {
  /**
   * The namespace with every command on a thread's queue.
   *
   * @throws IllegalArgumentException if it is another association's
   */
  RemoteNamespace on(RemoteNamespace namespace, ThreadQueue queue);

  /** The controller still has it. */
  boolean isThere(RemoteNamespace view);
}
