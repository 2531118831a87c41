package io.mora.target.controller;

import io.mora.protocol.Nqn;
import io.mora.protocol.command.Connect;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.Limits;
import io.mora.target.log.HostLog;
import io.mora.target.metrics.ClassSums;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostGrants;
import io.mora.target.subsystem.Subsystem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.Level;

/**
 * The controllers of one subsystem. Everything here runs on the subsystem's home shard, which is
 * also where its admin queues live: controller state needs no locks.
 */
public final class ControllerTable {
  static final HostLog ENDED = HostLog.of(Controller.class, Level.INFO, "Controllers ended");

  /** Highest CNTLID a dynamic controller may have. */
  private static final int CNTLID_MAX = 0xFFEF;

  /** How often it is looked who is busy, on the average. */
  private static final int LOOK_MS = 1000;

  private final Subsystem subsystem;
  private final ShardTurn home;
  private final Limits limits;
  private final ShardPlacement placement;
  private final HostGrants grants;
  private final Map<Integer, Controller> controllers = new HashMap<>();
  private final ClassSums ended = new ClassSums();
  private int lastCntlid;
  private boolean looking;
  private boolean retired;

  ControllerTable(
      Subsystem subsystem,
      ShardTurn home,
      Limits limits,
      ShardPlacement placement,
      HostGrants grants) {
    this.subsystem = subsystem;
    this.home = home;
    this.limits = limits;
    this.placement = placement;
    this.grants = grants;
  }

  public ShardTurn home() {
    return home;
  }

  public Subsystem subsystem() {
    return subsystem;
  }

  Limits limits() {
    return limits;
  }

  /** What a new controller of a host may switch on. */
  IntentState intentFor(Nqn hostNqn) {
    boolean offered = grants.intent().enabled() && !subsystem.isDiscovery();
    return new IntentState(offered, grants.host(hostNqn.value(), home.nowNs()));
  }

  HostGrants grants() {
    return grants;
  }

  ShardPlacement placement() {
    return placement;
  }

  /** The controllers now; a copy. */
  public List<Controller> controllers() {
    return new ArrayList<>(controllers.values());
  }

  /** What controllers that are gone have counted; a copy. */
  public ClassSums ended() {
    ClassSums copy = new ClassSums();
    copy.add(ended);
    return copy;
  }

  /** A new controller for an admin Connect. */
  Verdict create(ConnectRequest request) {
    if (retired) {
      return Verdict.invalid(Verdict.SUBNQN, true);
    }
    if (!subsystem.access().allows(request.identity().hostNqn().value())) {
      return Verdict.of(Status.CONNECT_INVALID_HOST, Verdict.HOSTNQN, true);
    }
    if (request.identity().cntlid() != 0xFFFF) {
      return Verdict.invalid(Verdict.CNTLID, true);
    }
    if (controllers.size() >= limits.controllersMax()) {
      return Verdict.later(Status.CONNECT_CONTROLLER_BUSY);
    }
    // A CNTLID is not used again soon: a host that still holds the old one must not reach the new.
    do {
      lastCntlid = lastCntlid == CNTLID_MAX ? 1 : lastCntlid + 1;
    } while (controllers.containsKey(lastCntlid));
    Controller controller = new Controller(this, lastCntlid, request);
    controllers.put(lastCntlid, controller);
    if (!looking && !subsystem.isDiscovery()) {
      looking = true;
      lookLater();
    }
    return Verdict.accepted(controller);
  }

  /** At no regular time: I/O that comes every second must not always or never be seen. */
  private void lookLater() {
    int afterMs = LOOK_MS / 2 + ThreadLocalRandom.current().nextInt(LOOK_MS);
    home.shard().loop().eventLoop().schedule(this::look, afterMs, TimeUnit.MILLISECONDS);
  }

  /** Sees which controllers have commands under way. */
  private void look() {
    long now = System.nanoTime();
    controllers.values().forEach(controller -> controller.look(now));
    looking = !controllers.isEmpty();
    if (looking) {
      lookLater();
    }
  }

  /** Reserves an I/O queue of an existing controller. */
  Verdict claim(ConnectRequest request) {
    if (subsystem.isDiscovery()) {
      return Verdict.invalid(Connect.QID, false);
    }
    Controller controller = controllers.get(request.identity().cntlid());
    if (controller == null) {
      return Verdict.invalid(Verdict.CNTLID, true);
    }
    return controller.claim(request);
  }

  /** Ended controllers of the same host that have not drained. */
  List<Controller> endedOf(Controller controller) {
    List<Controller> found = new ArrayList<>();
    for (Controller other : controllers.values()) {
      if (other.isEnded()
          && other.identity().hostNqn().equals(controller.identity().hostNqn())
          && other.identity().hostId().equals(controller.identity().hostId())) {
        found.add(other);
      }
    }
    return found;
  }

  /** A host's grant was replaced; on the home shard. */
  void grantChanged(String hostNqn) {
    for (Controller controller : controllers.values()) {
      if (controller.intent().host().nqn().equals(hostNqn)) {
        controller.intent().grantChanged();
      }
    }
  }

  /** Namespaces came or went, or some changed: tells every host that sees it. */
  void namespacesChanged(Collection<Integer> changed) {
    controllers.values().forEach(controller -> controller.namespacesChanged(changed));
  }

  /** How ANA groups are reached changed at some port. */
  void anaChanged() {
    controllers.values().forEach(controller -> controller.notices().anaChanged());
  }

  /** The discovery log may have changed. */
  void discoveryChanged() {
    controllers.values().forEach(controller -> controller.notices().discoveryChanged());
  }

  /** Hosts may no longer use the subsystem: their controllers end. */
  void accessChanged() {
    for (Controller controller : controllers()) {
      if (!subsystem.access().allows(controller.identity().hostNqn().value())) {
        controller.end("its host is no longer allowed");
      }
    }
  }

  /** The subsystem goes: its controllers end, and there are no new ones. */
  void retire() {
    retired = true;
    controllers().forEach(controller -> controller.end("its subsystem was removed"));
  }

  void remove(Controller controller) {
    if (controllers.remove(controller.cntlid(), controller)) {
      ended.add(controller.classLog().total(0, 0));
    }
  }
}
