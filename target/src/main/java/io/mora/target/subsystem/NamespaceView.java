package io.mora.target.subsystem;

import java.util.Collection;
import java.util.TreeSet;

/**
 * The namespaces of a subsystem that one host may see. Any thread may read; it is refreshed on the
 * subsystem's home shard.
 */
public final class NamespaceView {
  private final Subsystem subsystem;
  private final String hostNqn;
  private volatile NamespaceTable table;

  public NamespaceView(Subsystem subsystem, String hostNqn) {
    this.subsystem = subsystem;
    this.hostNqn = hostNqn;
    this.table = subsystem.namespaces().visibleTo(hostNqn);
  }

  /** What it sees now. */
  public NamespaceTable table() {
    return table;
  }

  /**
   * Looks at the subsystem again.
   *
   * @param changed NSIDs of namespaces that stayed and are not what they were
   * @return NSIDs of which the host sees something new: it came, went, was replaced or changed
   */
  public Collection<Integer> refresh(Collection<Integer> changed) {
    NamespaceTable before = table;
    NamespaceTable now = subsystem.namespaces().visibleTo(hostNqn);
    table = now;
    TreeSet<Integer> news = new TreeSet<>(Integer::compareUnsigned);
    for (int i = 0; i < before.size(); i++) {
      Namespace each = before.at(i);
      if (now.find(each.nsid()) != each) {
        news.add(each.nsid());
      }
    }
    for (int i = 0; i < now.size(); i++) {
      int nsid = now.at(i).nsid();
      if (before.find(nsid) == null || changed.contains(nsid)) {
        news.add(nsid);
      }
    }
    return news;
  }
}
