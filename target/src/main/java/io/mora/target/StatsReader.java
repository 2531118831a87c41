package io.mora.target;

import io.mora.qos.pause.PauseSum;
import io.mora.target.controller.Controller;
import io.mora.target.controller.ControllerTable;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.ShardStages;
import io.mora.target.metrics.SlowIo;
import io.mora.target.metrics.TargetStats;
import io.mora.target.metrics.TargetStats.ControllerRow;
import io.mora.target.metrics.TargetStats.EndedRow;
import io.mora.target.shard.ShardGroup;
import io.mora.target.subsystem.KnownHost;
import java.util.ArrayList;
import java.util.List;

/** Adds up what shards have counted. A control thread. */
final class StatsReader {
  private final ShardGroup shards;
  private final List<ShardStages> stages;
  private final ServedModel model;

  StatsReader(ShardGroup shards, List<ShardStages> stages, ServedModel model) {
    this.shards = shards;
    this.stages = stages;
    this.model = model;
  }

  TargetStats read(Iterable<ControllerTable> tables, PauseSum pauses) {
    List<List<EndedRow>> ended = new ArrayList<>();
    List<List<ControllerRow>> rows = new ArrayList<>();
    List<List<SlowIo>> slow = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      rows.add(new ArrayList<>());
      ended.add(new ArrayList<>());
      slow.add(new ArrayList<>());
    }
    shards.onEach(
        shard -> {
          slow.get(shard.index()).addAll(stages.get(shard.index()).slow().snapshot());
          for (ControllerTable table : tables) {
            if (table.home().shard() == shard) {
              table.controllers().forEach(c -> rows(c, rows.get(shard.index())));
              String nqn = table.subsystem().nqn().value();
              ended.get(shard.index()).add(new EndedRow(nqn, table.ended()));
            }
          }
        });
    return new TargetStats(
        rows.stream().flatMap(List::stream).toList(),
        ended.stream().flatMap(List::stream).toList(),
        ModeReports.read(model.subsystems()),
        slow.stream().flatMap(List::stream).toList(),
        pauses);
  }

  private static void rows(Controller controller, List<ControllerRow> into) {
    KnownHost host = controller.intent().host();
    ClassSums rest = controller.classLog().total(0, 0);
    for (int nsid : controller.classLog().namespaces()) {
      if (nsid != 0) {
        ClassSums sums = controller.classLog().total(0, nsid);
        rest.subtract(sums);
        into.add(row(controller, host, nsid, sums));
      }
    }
    into.add(row(controller, host, 0, rest));
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
