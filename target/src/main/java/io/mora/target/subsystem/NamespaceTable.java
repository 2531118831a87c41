package io.mora.target.subsystem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The active namespaces of a subsystem by NSID; an immutable snapshot, replaced whole. */
public final class NamespaceTable {
  private final Namespace[] ascending;
  private final int[] nsids;
  private final boolean dense;

  public NamespaceTable(List<Namespace> namespaces) {
    ascending = namespaces.toArray(new Namespace[0]);
    Arrays.sort(ascending, Comparator.comparingInt(Namespace::nsid));
    nsids = new int[ascending.length];
    boolean oneToN = true;
    for (int i = 0; i < nsids.length; i++) {
      nsids[i] = ascending[i].nsid();
      oneToN &= nsids[i] == i + 1;
    }
    dense = oneToN;
  }

  /** The namespace of an NSID, or null if it is not active. */
  public @Nullable Namespace find(int nsid) {
    if (dense) {
      return nsid >= 1 && nsid <= ascending.length ? ascending[nsid - 1] : null;
    }
    int i = Arrays.binarySearch(nsids, nsid);
    return i >= 0 ? ascending[i] : null;
  }

  /** The first namespace above an NSID, or null; 0 asks for the first of all. */
  public @Nullable Namespace after(int nsid) {
    int at = Arrays.binarySearch(nsids, nsid);
    int next = at >= 0 ? at + 1 : -at - 1;
    return next < ascending.length ? ascending[next] : null;
  }

  /** What of it a host may see: this table itself if that is all. */
  public NamespaceTable visibleTo(String hostNqn) {
    List<Namespace> visible = new ArrayList<>();
    for (Namespace namespace : ascending) {
      if (namespace.access().allows(hostNqn)) {
        visible.add(namespace);
      }
    }
    return visible.size() == ascending.length ? this : new NamespaceTable(visible);
  }

  public int size() {
    return ascending.length;
  }

  /** By position in ascending order of NSID. */
  public Namespace at(int index) {
    return ascending[index];
  }

  /** Highest NSID, 0 when empty. */
  public int highestNsid() {
    return nsids.length == 0 ? 0 : nsids[nsids.length - 1];
  }
}
