package io.mora.target;

import io.mora.qos.pause.PauseSum;
import io.mora.target.controller.ClassLog;
import io.mora.target.controller.Controller;
import io.mora.target.controller.ControllerTable;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.ShardStages;
import io.mora.target.metrics.SlowIo;
import io.mora.target.metrics.TargetStats;
import io.mora.target.metrics.TargetStats.ControllerRow;
import io.mora.target.metrics.TargetStats.EndedRow;
import io.mora.target.metrics.TargetStats.ShardRow;
import io.mora.target.shard.Admission;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardGroup;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.KnownHost;
import java.util.ArrayList;
import java.util.List;

/** Adds up what shards have counted. A control thread. */
final class StatsReader {
  private final ShardGroup shards;
  private final List<ShardStages> stages;
  private final List<ShardTurn> turns;
  private final ServedModel model;

  StatsReader(Serving serving) {
    this.shards = serving.shards();
    this.stages = serving.stages();
    this.turns = serving.turns();
    this.model = serving.model();
  }

  TargetStats read(Iterable<ControllerTable> tables, PauseSum pauses) {
    List<List<EndedRow>> ended = new ArrayList<>();
    List<List<Counted>> counted = new ArrayList<>();
    ShardRow[] shardRows = new ShardRow[shards.size()];
    List<List<SlowIo>> slow = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      counted.add(new ArrayList<>());
      ended.add(new ArrayList<>());
      slow.add(new ArrayList<>());
    }
    shards.onEach(
        shard -> {
          slow.get(shard.index()).addAll(stages.get(shard.index()).slow().snapshot());
          shardRows[shard.index()] = row(shard);
          for (ControllerTable table : tables) {
            if (table.home().shard() == shard) {
              for (Controller each : table.controllers()) {
                counted.get(shard.index()).add(new Counted(each, each.classLog().view()));
              }
              String nqn = table.subsystem().nqn().value();
              ended.get(shard.index()).add(new EndedRow(nqn, table.ended()));
            }
          }
        });
    List<ControllerRow> rows = new ArrayList<>();
    counted.forEach(of -> of.forEach(each -> rows(each, rows)));
    return new TargetStats(
        rows,
        ended.stream().flatMap(List::stream).toList(),
        ModeReports.read(model.subsystems()),
        slow.stream().flatMap(List::stream).toList(),
        List.of(shardRows),
        pauses);
  }

  private ShardRow row(Shard shard) {
    int index = shard.index();
    Admission admission = turns.get(index).admission();
    return new ShardRow(
        index,
        shard.lentBytes(),
        admission == null ? 0 : admission.queued(),
        stages.get(index).slow().count(),
        stages.get(index).wrongDigests());
  }

  /** A controller, and what to add up without it: its shard has other things to do. */
  private record Counted(Controller controller, ClassLog.View view) {}

  private static void rows(Counted counted, List<ControllerRow> into) {
    Controller controller = counted.controller;
    KnownHost host = controller.intent().host();
    for (int nsid : counted.view.namespaces()) {
      into.add(row(controller, host, nsid, counted.view.total(nsid)));
    }
    into.add(row(controller, host, 0, counted.view.others()));
  }

  private static ControllerRow row(
      Controller controller, KnownHost host, int nsid, ClassSums sums) {
    return new ControllerRow(
        controller.identity().hostNqn().value(),
        host.index(),
        controller.subsystem().nqn().value(),
        controller.cntlid(),
        nsid,
        sums);
  }
}
