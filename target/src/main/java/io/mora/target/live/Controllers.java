package io.mora.target.live;

import io.mora.protocol.Nqn;
import io.mora.protocol.intent.GrantPage;
import io.mora.target.controller.Controller;
import io.mora.target.controller.ControllerTable;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.live.ControllerInfo.IoCount;
import io.mora.target.live.ControllerInfo.QueueInfo;
import io.mora.target.metrics.IoTotals;
import io.mora.target.shard.ShardGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The controllers of a running target: to look at, and to end. Control threads; waits for shards.
 */
public final class Controllers {
  private final ShardGroup shards;
  private final Supplier<Iterable<ControllerTable>> tables;

  /**
   * @param tables of all subsystems, asked anew each time
   */
  public Controllers(ShardGroup shards, Supplier<Iterable<ControllerTable>> tables) {
    this.shards = shards;
    this.tables = tables;
  }

  /** Those there are, by subsystem and CNTLID. */
  public List<ControllerInfo> list() {
    List<List<ControllerInfo>> found = new ArrayList<>();
    shards.shards().forEach(shard -> found.add(new ArrayList<>()));
    long nowMs = System.currentTimeMillis();
    shards.onEach(
        shard -> {
          for (ControllerTable table : tables.get()) {
            if (table.home().shard() == shard) {
              for (Controller controller : table.controllers()) {
                found.get(shard.index()).add(info(controller, nowMs));
              }
            }
          }
        });
    return found.stream()
        .flatMap(List::stream)
        .sorted(
            Comparator.comparing(ControllerInfo::subsystemNqn)
                .thenComparingInt(ControllerInfo::cntlid))
        .toList();
  }

  /**
   * Ends a controller: its connections close. A host that wants it back connects again unless its
   * access is taken from it first.
   *
   * @return false if there is none
   */
  public boolean disconnect(Nqn subsystem, int cntlid, String reason) {
    AtomicBoolean ended = new AtomicBoolean();
    shards.onEach(
        shard -> {
          for (ControllerTable table : tables.get()) {
            if (table.home().shard() == shard && table.subsystem().nqn().equals(subsystem)) {
              for (Controller controller : table.controllers()) {
                if (controller.cntlid() == cntlid && !controller.isEnded()) {
                  controller.end(reason);
                  ended.set(true);
                }
              }
            }
          }
        });
    return ended.get();
  }

  private static ControllerInfo info(Controller controller, long nowMs) {
    List<QueueInfo> queues = new ArrayList<>();
    for (int qid = 1; qid <= controller.limits().ioQueuesMax(); qid++) {
      QueuePair queue = controller.ioQueue(qid);
      if (queue != null) {
        int shard = queue.turn().shard().index();
        queues.add(new QueueInfo(qid, queue.depth(), shard, count(queue.totals())));
      }
    }
    var identity = controller.identity();
    return new ControllerInfo(
        identity.subNqn().value(),
        controller.cntlid(),
        identity.hostNqn().value(),
        identity.hostId().toString(),
        from(identity.from()),
        nowMs - controller.uptimeNs() / 1_000_000,
        proof(controller.intent().identity()),
        controller.intent().control() != 0,
        controller.isEnded(),
        count(controller.ioTotals()),
        queues);
  }

  private static String proof(int identity) {
    return switch (identity) {
      case GrantPage.TLS -> "tls";
      case GrantPage.DH_CHAP -> "dhchap";
      default -> "claimed";
    };
  }

  private static String from(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  private static IoCount count(IoTotals totals) {
    return new IoCount(totals.reads(), totals.readBytes(), totals.writes(), totals.writeBytes());
  }
}
