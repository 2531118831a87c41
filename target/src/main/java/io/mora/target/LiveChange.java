package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.Trust;
import io.mora.target.live.ApplyResult;
import io.mora.target.live.SpecDiff;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.Subsystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a running target serve another spec. A control thread.
 *
 * <p>First everything that can fail: checks, storage to open and to grow, addresses to bind; if any
 * of it does, the rest is undone and nothing has changed. Then what cannot: snapshots are replaced,
 * hosts are told, and what is no longer served ends and is let go.
 */
final class LiveChange {
  private static final Logger LOG = LoggerFactory.getLogger(LiveChange.class);

  private final Serving serving;
  private final TargetSpec before;
  private final TargetSpec after;
  private final List<SubsystemChange> changed = new ArrayList<>();
  private final List<SubsystemChange> added = new ArrayList<>();
  private final List<Subsystem> removed = new ArrayList<>();

  LiveChange(Serving serving, TargetSpec before, TargetSpec after) {
    this.serving = serving;
    this.before = before;
    this.after = after;
  }

  ApplyResult run() {
    List<Problem> invalid = after.validate();
    if (!invalid.isEmpty()) {
      return ApplyResult.refused(invalid);
    }
    SpecDiff diff = new SpecDiff(before, after);
    if (!diff.fixed().isEmpty()) {
      return ApplyResult.refused(diff.fixed());
    }
    plan();
    ServedPorts.Change ports = null;
    List<SubsystemChange> prepared = new ArrayList<>();
    try {
      ports = serving.ports().prepare(after);
      for (SubsystemChange change : all()) {
        prepared.add(change);
        change.prepare(serving);
      }
    } catch (IOException | RuntimeException e) {
      prepared.forEach(SubsystemChange::undo);
      if (ports != null) {
        ServedPorts.abandon(ports);
      }
      LOG.warn("A change was not made: {}", e.getMessage());
      return ApplyResult.refused(List.of(Problem.of("", "", "", String.valueOf(e.getMessage()))));
    }
    commit(ports, !diff.changes().isEmpty());
    diff.changes().forEach(change -> LOG.info("Now {}", change));
    return ApplyResult.done(diff.changes());
  }

  private void plan() {
    Map<String, Subsystem> served = new LinkedHashMap<>();
    serving.model().subsystems().forEach(each -> served.put(each.nqn().value(), each));
    Map<String, SubsystemSpec> specs = new HashMap<>();
    before.subsystems().forEach(each -> specs.put(each.nqn().value(), each));
    for (SubsystemSpec spec : after.subsystems()) {
      Subsystem subsystem = served.remove(spec.nqn().value());
      SubsystemSpec was = specs.get(spec.nqn().value());
      if (subsystem == null || was == null) {
        added.add(SubsystemChange.added(spec));
      } else {
        changed.add(SubsystemChange.of(subsystem, was, spec));
      }
    }
    served.values().stream().filter(each -> !each.isDiscovery()).forEach(removed::add);
  }

  private List<SubsystemChange> all() {
    List<SubsystemChange> all = new ArrayList<>(changed);
    all.addAll(added);
    return all;
  }

  private void commit(ServedPorts.Change ports, boolean anything) {
    List<Namespace> fresh = new ArrayList<>();
    all().forEach(change -> fresh.addAll(change.opened()));
    serving.open(fresh);
    List<Subsystem> subsystems = new ArrayList<>();
    serving.model().subsystems().stream().filter(Subsystem::isDiscovery).forEach(subsystems::add);
    List<SubsystemChange> inOrder = all();
    for (SubsystemSpec spec : after.subsystems()) {
      inOrder.stream()
          .filter(change -> change.nqn().equals(spec.nqn()))
          .forEach(change -> subsystems.add(change.commit(serving)));
    }
    hosts();
    List<Runnable> retiring = new ArrayList<>();
    for (SubsystemChange change : changed) {
      change.gone().forEach(each -> retiring.add(serving.left(each, change.nqn())));
    }
    for (Subsystem subsystem : removed) {
      for (int i = 0; i < subsystem.namespaces().size(); i++) {
        retiring.add(serving.left(subsystem.namespaces().at(i), subsystem.nqn()));
      }
    }
    serving.model().subsystems(subsystems);
    serving.registry().replace(subsystems, ports.ports(), after.discovery().referrals());
    serving.ports().commit(ports, serving.associations());
    removed.forEach(serving.associations()::remove);
    if (anything) {
      serving.associations().discoveryChanged();
      serving.associations().anaChanged();
    }
    // Hosts have been told by now, and see what is said to be in force.
    serving.shards().onEach(shard -> {});
    retiring.forEach(Runnable::run);
  }

  /**
   * What hosts have to prove and may ask for; those that are no longer named have what every host
   * has.
   */
  private void hosts() {
    serving.keys(after.hosts());
    Map<Nqn, Given> was = given(before);
    Map<Nqn, Given> is = given(after);
    was.forEach(
        (nqn, given) -> {
          Given now = is.getOrDefault(nqn, Given.NOTHING);
          if (!now.equals(given)) {
            serving.grant(nqn.value(), now.grant);
          }
        });
    is.forEach(
        (nqn, given) -> {
          if (!was.containsKey(nqn)) {
            serving.grant(nqn.value(), given.grant);
          }
        });
  }

  /** What a host has by its name. */
  private record Given(GrantSpec grant, Trust trust) {
    static final Given NOTHING = new Given(GrantSpec.DEFAULT, Trust.PROVEN);
  }

  private static Map<Nqn, Given> given(TargetSpec spec) {
    Map<Nqn, Given> given = new LinkedHashMap<>();
    for (HostSpec host : spec.hosts()) {
      given.put(host.nqn(), new Given(host.grants(), host.trust()));
    }
    return given;
  }
}
