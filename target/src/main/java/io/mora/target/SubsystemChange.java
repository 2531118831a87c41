package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.target.live.NamespaceDiff;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import io.mora.target.subsystem.Subsystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one subsystem has to become: a new one, or other namespaces, hosts and policy. */
final class SubsystemChange {
  private final @Nullable Subsystem subsystem;
  private final @Nullable SubsystemSpec was;
  private final SubsystemSpec spec;
  private final List<Namespace> kept = new ArrayList<>();
  private final List<Namespace> gone = new ArrayList<>();
  private final List<NamespaceSpec> wanted = new ArrayList<>();
  private final List<Resize> resizes = new ArrayList<>();
  private final List<Namespace> opened = new ArrayList<>();
  private int grown;

  private SubsystemChange(
      @Nullable Subsystem subsystem, @Nullable SubsystemSpec was, SubsystemSpec spec) {
    this.subsystem = subsystem;
    this.was = was;
    this.spec = spec;
  }

  static SubsystemChange added(SubsystemSpec spec) {
    SubsystemChange change = new SubsystemChange(null, null, spec);
    change.wanted.addAll(spec.namespaces());
    return change;
  }

  static SubsystemChange of(Subsystem subsystem, SubsystemSpec was, SubsystemSpec spec) {
    SubsystemChange change = new SubsystemChange(subsystem, was, spec);
    Map<Integer, NamespaceSpec> before = new HashMap<>();
    was.namespaces().forEach(each -> before.put(each.nsid(), each));
    Map<Integer, Namespace> served = new HashMap<>();
    for (int i = 0; i < subsystem.namespaces().size(); i++) {
      served.put(subsystem.namespaces().at(i).nsid(), subsystem.namespaces().at(i));
    }
    for (NamespaceSpec now : spec.namespaces()) {
      NamespaceSpec old = before.get(now.nsid());
      Namespace namespace = served.get(now.nsid());
      NamespaceDiff diff = old == null ? null : NamespaceDiff.between(old, now);
      if (namespace == null || diff == null || diff.kind() == NamespaceDiff.Kind.REPLACED) {
        change.wanted.add(now);
      } else {
        served.remove(now.nsid());
        change.kept.add(namespace);
        if (diff.sizeBytes() != 0) {
          change.resizes.add(new Resize(namespace, diff.sizeBytes()));
        }
      }
    }
    change.gone.addAll(served.values());
    return change;
  }

  Nqn nqn() {
    return spec.nqn();
  }

  /** Opened for it by {@link #prepare}. */
  List<Namespace> opened() {
    return opened;
  }

  /** Leave the subsystem. */
  List<Namespace> gone() {
    return gone;
  }

  /** Opens storage, and makes room where more is wanted; see {@link #undo}. */
  void prepare(Serving serving) throws IOException {
    for (NamespaceSpec namespace : wanted) {
      opened.add(serving.model().open(spec, namespace));
    }
    for (Resize resize : resizes) {
      if (resize.grows()) {
        resize.run();
      }
      grown++;
    }
  }

  /** As it was before {@link #prepare}, of which a part may not have happened. */
  void undo() {
    opened.forEach(namespace -> namespace.backend().close());
    for (Resize resize : resizes.subList(0, grown)) {
      resize.undo();
    }
  }

  /**
   * Makes it so: commands see other namespaces from now on, hosts are told.
   *
   * @return the subsystem
   */
  Subsystem commit(Serving serving) {
    List<Namespace> all = new ArrayList<>(kept);
    all.addAll(opened);
    Subsystem before = subsystem;
    SubsystemSpec old = was;
    if (before == null || old == null) {
      Subsystem made = ServedModel.subsystem(spec, all);
      serving.associations().add(made);
      return made;
    }
    TreeSet<Integer> changed = new TreeSet<>();
    for (Resize resize : resizes) {
      if (!resize.grows()) {
        resize.shrink();
      }
      changed.add(resize.namespace.nsid());
    }
    before.policy(spec.policy());
    before.namespaces(new NamespaceTable(all));
    changed.addAll(policies(before));
    serving.associations().namespacesChanged(before, changed);
    if (!ServedModel.access(old).equals(ServedModel.access(spec))) {
      before.access(ServedModel.access(spec));
      serving.associations().accessChanged(before);
    }
    return before;
  }

  /** NSIDs of namespaces that go on by another policy. */
  private List<Integer> policies(Subsystem served) {
    List<Integer> others = new ArrayList<>();
    for (NamespaceSpec each : spec.namespaces()) {
      Namespace namespace = served.namespaces().find(each.nsid());
      if (namespace != null && !opened.contains(namespace)) {
        if (!namespace.policy().equals(each.policy())) {
          namespace.policy(each.policy());
          others.add(each.nsid());
        }
        ModeReports.change(served, namespace, ServedModel.mode(spec, each));
      }
    }
    return others;
  }

  /** Another size for storage that stays. */
  private static final class Resize {
    private final Namespace namespace;
    private final long sizeBytes;
    private final long before;

    Resize(Namespace namespace, long sizeBytes) {
      this.namespace = namespace;
      this.sizeBytes = sizeBytes;
      this.before = namespace.geometry().sizeBytes();
    }

    boolean grows() {
      return sizeBytes > before;
    }

    void run() throws IOException {
      namespace.resize(sizeBytes);
    }

    /** What hosts were promised is less from now on, whatever the storage says. */
    void shrink() {
      try {
        namespace.resize(sizeBytes);
      } catch (IOException e) {
        Serving.LOG.error("Namespace {} was not cut: {}", namespace.nsid(), e.getMessage());
      }
    }

    void undo() {
      if (grows()) {
        try {
          namespace.resize(before);
        } catch (IOException e) {
          Serving.LOG.error("Namespace {} stays grown: {}", namespace.nsid(), e.getMessage());
        }
      }
    }
  }
}
