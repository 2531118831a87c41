package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.status.Status;
import io.mora.qos.locality.PinnedThreads;
import io.mora.target.config.store.Disk;
import io.mora.target.controller.manage.NamespaceMaker;
import io.mora.target.controller.manage.NamespaceOrder;
import io.mora.target.live.ApplyResult;
import io.mora.target.live.SpecChanger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes, deletes and attaches namespaces of pools as hosts order it: each is a change of the spec,
 * made in the one way in which that changes (decision 035). One thread, one order after the other.
 */
final class NamespaceOffice implements NamespaceMaker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceOffice.class);

  /** Orders that wait; more are refused, to be tried again. */
  static final int WAITING_MAX = 64;

  /** Behind shards, with which it may share a CPU. */
  private static final int NICENESS = 10;

  private final ThreadPoolExecutor thread =
      PinnedThreads.pool("mora-namespaces", 1, WAITING_MAX, NICENESS);

  private volatile @Nullable MoraTarget target;
  private volatile @Nullable SpecChanger changer;

  /** What is left of each pool; found where the spec changes, for those who ask are shards. */
  private volatile Map<Nqn, Long> free = Map.of();

  /**
   * From now on there is something to change.
   *
   * @param way null while there is none: orders are to be tried again
   */
  void opens(MoraTarget served, @Nullable SpecChanger way) {
    target = served;
    changer = way;
  }

  /** What is served now. */
  void serves(TargetSpec spec) {
    Map<Nqn, Long> bytes = new HashMap<>();
    for (SubsystemSpec each : spec.subsystems()) {
      PoolSpec pool = each.policy().pool();
      if (pool.exists()) {
        long left = pool.sizeBytes() - pool.usedBytes(each.namespaces());
        bytes.put(each.nqn(), Math.max(0, left));
      }
    }
    free = Map.copyOf(bytes);
  }

  @Override
  public void close() {
    thread.shutdown(); // What is under way is not interrupted: it is refused by a stopped target.
  }

  @Override
  public long freeBytes(Nqn subsystem) {
    return free.getOrDefault(subsystem, 0L);
  }

  @Override
  public void carryOut(NamespaceOrder order, Caller caller) {
    try {
      thread.execute(() -> run(order, caller));
    } catch (RejectedExecutionException e) {
      caller.ended(Status.COMMAND_INTERRUPTED, 0);
    }
  }

  private void run(NamespaceOrder order, Caller caller) {
    MoraTarget served = target;
    SpecChanger way = changer;
    if (served == null || way == null) {
      tell(caller, Status.COMMAND_INTERRUPTED, 0);
      return;
    }
    NamespaceEdit edit = new NamespaceEdit(order, caller::look);
    int status = Status.INTERNAL_ERROR;
    try {
      status = carryOut(served, way, order, edit);
    } finally {
      // Whatever happened: until then its controller has no other order carried out, and
      // reservations stand still.
      tell(caller, status, Status.isSuccess(status) ? edit.nsid() : 0);
    }
  }

  private static int carryOut(
      MoraTarget served, SpecChanger way, NamespaceOrder order, NamespaceEdit edit) {
    int status = Status.INTERNAL_ERROR;
    try {
      status = change(way, order, edit);
    } catch (RuntimeException e) {
      LOG.error("What {} ordered was not done: {}", order.by(), order, e);
    }
    // Not before the configuration has it no more, durably: else a reservation could be lost.
    boolean lasts = !Status.isSuccess(status) || forget(served, order, edit.deleted());
    lasts &= settle(served, order, edit.touched());
    return lasts || !Status.isSuccess(status) ? status : Status.INTERNAL_ERROR;
  }

  private static void tell(NamespaceMaker.Caller caller, int status, int nsid) {
    try {
      caller.ended(status, nsid);
    } catch (RejectedExecutionException e) {
      LOG.info("What a host ordered ended after the target had stopped");
    }
  }

  private static int change(SpecChanger way, NamespaceOrder order, NamespaceEdit edit) {
    ApplyResult result = way.change(order.by().value(), edit);
    if (!Status.isSuccess(edit.status())) {
      return edit.status();
    }
    if (!result.isApplied()) {
      LOG.error("What {} ordered was not done: {}", order.by(), result.problems());
      return Status.INTERNAL_ERROR;
    }
    return Status.SUCCESS;
  }

  /** A namespace that has the UUID of a deleted one has nothing of it. */
  private static boolean forget(MoraTarget served, NamespaceOrder order, List<UUID> deleted) {
    boolean lasts = true;
    for (UUID each : deleted) {
      try {
        served.forgetUnlessServed(each);
      } catch (IOException | RuntimeException e) {
        lasts = false;
        LOG.error(
            "{} of {}: the reservation of {} stays, and would be that of a namespace with its UUID: {}",
            order,
            order.by(),
            each,
            e.toString());
      }
    }
    return lasts;
  }

  /**
   * What of the files was made is so after a loss of power too, and what no namespace is served
   * from is there no more: it was deleted, or did not become one.
   */
  private static boolean settle(MoraTarget served, NamespaceOrder order, List<Path> touched) {
    boolean lasts = true;
    for (Path each : touched) {
      try {
        served.deleteUnlessServed(each);
        Disk.real().syncFolder(Objects.requireNonNull(each.getParent()));
      } catch (IOException | RuntimeException e) {
        lasts = false;
        LOG.error("{} of {} may not last: {}", order, order.by(), e.toString());
      }
    }
    return lasts;
  }
}
