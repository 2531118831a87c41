package io.mora.target.subsystem;

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
