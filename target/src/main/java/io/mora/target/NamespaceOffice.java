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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

  private static final long THREAD_IDLE_S = 10;

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          THREAD_IDLE_S,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING_MAX),
          PinnedThreads.anywhere(NamespaceOffice::thread));

  private volatile @Nullable MoraTarget target;
  private volatile @Nullable SpecChanger changer;
  private volatile @Nullable Free free;

  NamespaceOffice() {
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable body) {
    Thread made = new Thread(body, "mora-namespaces");
    made.setDaemon(true);
    return made;
  }

  /** From now on there is something to change, and a way to. */
  void opens(MoraTarget served, SpecChanger way) {
    changer = way;
    target = served;
  }

  @Override
  public void close() {
    thread.shutdown(); // What is under way is not interrupted: it is refused by a stopped target.
  }

  @Override
  public long freeBytes(Nqn subsystem) {
    MoraTarget served = target;
    if (served == null) {
      return 0;
    }
    Free known = free;
    if (known == null || known.of != served.spec()) {
      known = Free.of(served.spec());
      free = known;
    }
    return known.bytes.getOrDefault(subsystem, 0L);
  }

  /** What is left of each pool; found once a spec, for those who ask are shards. */
  private record Free(TargetSpec of, Map<Nqn, Long> bytes) {
    static Free of(TargetSpec spec) {
      Map<Nqn, Long> bytes = new HashMap<>();
      for (SubsystemSpec each : spec.subsystems()) {
        PoolSpec pool = each.policy().pool();
        if (pool.exists()) {
          long left = pool.sizeBytes() - pool.usedBytes(each.namespaces());
          bytes.put(each.nqn(), Math.max(0, left));
        }
      }
      return new Free(spec, bytes);
    }
  }

  @Override
  public void carryOut(NamespaceOrder order, Done done) {
    try {
      thread.execute(() -> run(order, done));
    } catch (RejectedExecutionException e) {
      done.ended(Status.COMMAND_INTERRUPTED, 0);
    }
  }

  private void run(NamespaceOrder order, Done done) {
    NamespaceEdit edit = new NamespaceEdit(order);
    int status = Status.INTERNAL_ERROR;
    try {
      status = run(order, edit);
    } catch (RuntimeException e) {
      LOG.error("What {} ordered was not done: {}", order.by(), order, e);
    }
    try {
      done.ended(status, Status.isSuccess(status) ? edit.nsid() : 0);
    } catch (RejectedExecutionException e) {
      LOG.info("What {} ordered ended after the target had stopped", order.by());
    }
  }

  private int run(NamespaceOrder order, NamespaceEdit edit) {
    SpecChanger way = changer;
    if (way == null) {
      return Status.INTERNAL_ERROR;
    }
    ApplyResult result = way.change(order.by().value(), edit);
    if (!Status.isSuccess(edit.status())) {
      return edit.status();
    }
    if (!result.isApplied()) {
      LOG.error("What {} ordered was not done: {}", order.by(), result.problems());
      return Status.INTERNAL_ERROR;
    }
    return settle(order, edit.touched());
  }

  /** What was made or deleted is so after a loss of power too. */
  private static int settle(NamespaceOrder order, List<Path> touched) {
    int status = Status.SUCCESS;
    for (Path each : touched) {
      try {
        if (order instanceof NamespaceOrder.Delete) {
          Files.deleteIfExists(each);
        }
        Disk.real().syncFolder(Objects.requireNonNull(each.getParent()));
      } catch (IOException e) {
        status = Status.INTERNAL_ERROR;
        LOG.error("{} of {} may not last: {}", order, order.by(), e.toString());
      }
    }
    return status;
  }
}
