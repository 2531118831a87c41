package io.mora.target.controller.notice;

import io.mora.protocol.data.NamespaceList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Namespaces that came, went or changed and whose host was not told of it yet: log 04h. The home
 * shard only.
 */
public final class ChangedNamespaces {
  private final TreeSet<Integer> nsids = new TreeSet<>(Integer::compareUnsigned);
  private Runnable whenNew = () -> {};

  /** More changed than a log has entries for: the host looks at all. */
  private boolean overflow;

  /** Sets what is run whenever there is something to read. */
  public void onNew(Runnable action) {
    whenNew = action;
  }

  /** Adds namespaces; none is nothing new. */
  public void add(Collection<Integer> changed) {
    if (changed.isEmpty()) {
      return;
    }
    if (!overflow) {
      nsids.addAll(changed);
      overflow = nsids.size() > NamespaceList.ENTRIES_MAX;
      if (overflow) {
        nsids.clear();
      }
    }
    whenNew.run();
  }

  /** The log as it is now. */
  public NamespaceList page() {
    return overflow ? NamespaceList.OVERFLOW : new NamespaceList(new ArrayList<>(nsids));
  }

  /** The host has read it. */
  public void clear() {
    nsids.clear();
    overflow = false;
  }
}
