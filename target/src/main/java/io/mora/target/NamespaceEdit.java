package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.NamespaceReach;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.controller.manage.NamespaceOrder;
import io.mora.target.live.SpecChanger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One order of a host, from the spec in force to the one that is wanted. A control thread. */
final class NamespaceEdit implements SpecChanger.Edit {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceEdit.class);
  private static final String SUFFIX = ".namespace";

  private final NamespaceOrder order;
  private final IntSupplier look;
  private int status = Status.INTERNAL_ERROR;
  private int nsid;
  private final List<Path> touched = new ArrayList<>();
  private final List<UUID> deleted = new ArrayList<>();

  /**
   * @param look at whether the host may still have it: success, and it may until the end; or why
   *     not
   */
  NamespaceEdit(NamespaceOrder order, IntSupplier look) {
    this.order = order;
    this.look = look;
  }

  /** As the command ends, if what is wanted comes about. */
  int status() {
    return status;
  }

  /** Of the namespace that is made. */
  int nsid() {
    return nsid;
  }

  /** Files that are made, or to be deleted once nothing is served from them. */
  List<Path> touched() {
    return touched;
  }

  /** Namespaces that are there no more. */
  List<UUID> deleted() {
    return deleted;
  }

  private static @Nullable SubsystemSpec find(TargetSpec spec, Nqn nqn) {
    for (SubsystemSpec each : spec.subsystems()) {
      if (each.nqn().equals(nqn)) {
        return each;
      }
    }
    return null;
  }

  private @Nullable TargetSpec refused(int why) {
    boolean later = why == Status.COMMAND_INTERRUPTED || why == Status.INTERNAL_ERROR;
    status = later ? why : why | Status.DNR;
    return null;
  }

  @Override
  public @Nullable TargetSpec of(TargetSpec inForce) {
    touched.clear();
    deleted.clear();
    SubsystemSpec subsystem = find(inForce, order.subsystem());
    if (subsystem == null || !subsystem.policy().pool().isManagedBy(order.by())) {
      return refused(Status.OPERATION_DENIED); // Taken from it in the meantime.
    }
    List<NamespaceSpec> namespaces = new ArrayList<>(subsystem.namespaces());
    int ended;
    if (order instanceof NamespaceOrder.Make make) {
      ended = make(inForce, subsystem, namespaces, make);
    } else if (order instanceof NamespaceOrder.Delete delete) {
      ended = delete(subsystem, namespaces, delete.nsid());
    } else {
      ended = attach(inForce, subsystem, namespaces, (NamespaceOrder.Attach) order);
    }
    // Last: reservations of others stand still only for what can be done.
    if (Status.isSuccess(ended)) {
      ended = look.getAsInt();
    }
    if (!Status.isSuccess(ended)) {
      return refused(ended);
    }
    status = Status.SUCCESS;
    List<SubsystemSpec> all = new ArrayList<>(inForce.subsystems());
    all.set(all.indexOf(subsystem), subsystem.withNamespaces(namespaces));
    return inForce.withSubsystems(all);
  }

  private int make(
      TargetSpec now,
      SubsystemSpec subsystem,
      List<NamespaceSpec> namespaces,
      NamespaceOrder.Make make) {
    PoolSpec pool = subsystem.policy().pool();
    if (make.sizeBytes() > pool.sizeBytes() - pool.usedBytes(namespaces)
        || make.sizeBytes() > freeBytes(pool)) {
      return Status.NAMESPACE_INSUFFICIENT_CAPACITY;
    }
    long all = now.subsystems().stream().mapToLong(each -> each.namespaces().size()).sum();
    nsid = free(namespaces);
    if (nsid == 0
        || all >= TargetSpec.NAMESPACES.max()
        || pool.count(namespaces) >= pool.namespacesMax()) {
      return Status.NAMESPACE_IDENTIFIER_UNAVAILABLE;
    }
    UUID uuid = UUID.randomUUID();
    Path path = Path.of(pool.folder()).resolve(uuid + SUFFIX);
    touched.add(path);
    BackendSpec file =
        new BackendSpec.File(
            path.toString(), make.sizeBytes(), true, BackendSpec.DirectIo.AUTO, false);
    NamespaceReach nobody = new NamespaceReach(make.anaGroup(), List.of(), false);
    namespaces.add(
        new NamespaceSpec(
            nsid,
            uuid,
            NamespaceSpec.defaultNguid(uuid),
            make.blockBytes(),
            file,
            NamespacePolicy.DEFAULT.withReach(nobody)));
    return Status.SUCCESS;
  }

  /** The lowest NSID that is free, or 0. */
  private static int free(List<NamespaceSpec> namespaces) {
    Set<Integer> used = new HashSet<>();
    namespaces.forEach(each -> used.add(each.nsid()));
    for (int candidate = 1; candidate <= NamespaceSpec.NSID.max(); candidate++) {
      if (!used.contains(candidate)) {
        return candidate;
      }
    }
    return 0;
  }

  private static long freeBytes(PoolSpec pool) {
    try {
      return Files.getFileStore(Path.of(pool.folder())).getUsableSpace();
    } catch (IOException e) {
      LOG.error("The pool {} cannot be looked at: {}", pool.folder(), e.toString());
      return 0;
    }
  }

  private int delete(SubsystemSpec subsystem, List<NamespaceSpec> namespaces, int which) {
    PoolSpec pool = subsystem.policy().pool();
    List<NamespaceSpec> doomed =
        namespaces.stream().filter(each -> which == Sqe.NSID_ALL || each.nsid() == which).toList();
    if (doomed.isEmpty()) {
      return Status.INVALID_NAMESPACE;
    }
    if (!doomed.stream().allMatch(pool::holds)) {
      return Status.OPERATION_DENIED;
    }
    for (NamespaceSpec each : doomed) {
      deleted.add(each.uuid());
      if (each.backend() instanceof BackendSpec.File file) {
        touched.add(Path.of(file.path()));
      }
    }
    namespaces.removeAll(doomed);
    return Status.SUCCESS;
  }

  private int attach(
      TargetSpec now,
      SubsystemSpec subsystem,
      List<NamespaceSpec> namespaces,
      NamespaceOrder.Attach attach) {
    for (int i = 0; i < namespaces.size(); i++) {
      NamespaceSpec each = namespaces.get(i);
      if (each.nsid() == attach.nsid()) {
        if (!subsystem.policy().pool().holds(each)) {
          return Status.OPERATION_DENIED;
        }
        NamespaceReach reach = each.policy().reach();
        List<Nqn> hosts = new ArrayList<>(reach.hosts());
        int ended =
            attach.attach() ? attach(now, reach, hosts, attach) : detach(reach, hosts, attach);
        namespaces.set(i, each.withPolicy(each.policy().withReach(reach.attachedTo(hosts))));
        return ended;
      }
    }
    return Status.INVALID_NAMESPACE;
  }

  private static int attach(
      TargetSpec now, NamespaceReach reach, List<Nqn> hosts, NamespaceOrder.Attach attach) {
    boolean seenByAll = reach.attached() && hosts.isEmpty();
    for (Nqn host : attach.hosts()) {
      if (seenByAll || hosts.contains(host)) {
        return Status.NAMESPACE_ALREADY_ATTACHED;
      }
      if (now.hosts().stream().noneMatch(known -> known.nqn().equals(host))) {
        return Status.OPERATION_DENIED;
      }
      hosts.add(host);
    }
    return Status.SUCCESS;
  }

  private static int detach(NamespaceReach reach, List<Nqn> hosts, NamespaceOrder.Attach detach) {
    if (reach.attached() && hosts.isEmpty()) {
      return Status.OPERATION_DENIED; // All but some cannot be said.
    }
    return hosts.containsAll(detach.hosts()) && hosts.removeAll(detach.hosts())
        ? Status.SUCCESS
        : Status.NAMESPACE_NOT_ATTACHED;
  }
}
