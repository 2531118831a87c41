package io.mora.initiator;

import java.util.List;

/**
 * Told what happens to an association, on its admin queue's loop thread: must not block. What it
 * throws is logged and dropped.
 */
public interface AssociationListener {
  default void stateChanged(Association association, AssociationState state) {}

  /** Namespaces came, went or changed; the list is what {@link Association#namespaces} returns. */
  default void namespacesChanged(Association association, List<RemoteNamespace> namespaces) {}

  /**
   * The controller reported an event. A changed namespace list is handled by the association itself
   * and still told here.
   *
   * @param dw0 bits 2:0 type, 15:8 information, 23:16 log page to read
   */
  default void asyncEvent(Association association, int dw0) {}
}
