package io.mora.target.controller.manage;

import io.mora.protocol.Nqn;
import java.util.List;

/**
 * What a host wants changed about the namespaces of a subsystem; its form has been checked, its
 * right to it not finally.
 */
public sealed interface NamespaceOrder {
  Nqn subsystem();

  /** Who wants it. */
  Nqn by();

  /** NSID of what is there and changes, FFFFFFFFh for all, 0 for nothing. */
  default int existing() {
    return 0;
  }

  /**
   * A new one, attached to nobody.
   *
   * @param sizeBytes a multiple of the block
   * @param anaGroup a group there can be
   */
  record Make(Nqn subsystem, Nqn by, long sizeBytes, int blockBytes, int anaGroup)
      implements NamespaceOrder {}

  /**
   * One less, with all that is in it.
   *
   * @param nsid FFFFFFFFh for all
   */
  record Delete(Nqn subsystem, Nqn by, int nsid) implements NamespaceOrder {
    @Override
    public int existing() {
      return nsid;
    }
  }

  /**
   * Hosts see it, or do not any more.
   *
   * @param hosts each once; those whose controllers were named
   * @param attach true if they see it
   */
  record Attach(Nqn subsystem, Nqn by, int nsid, List<Nqn> hosts, boolean attach)
      implements NamespaceOrder {
    public Attach {
      hosts = List.copyOf(hosts);
    }

    @Override
    public int existing() {
      return nsid;
    }
  }
}
