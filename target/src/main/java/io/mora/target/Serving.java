package io.mora.target;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.target.backend.BackendOpener;
import io.mora.target.cache.HotTier;
import io.mora.target.controller.Associations;
import io.mora.target.controller.ControllerTable;
import io.mora.target.controller.admin.AdminCommands;
import io.mora.target.controller.auth.Authenticator;
import io.mora.target.controller.manage.NamespaceMaker;
import io.mora.target.controller.nvm.IoCommands;
import io.mora.target.controller.queue.Limits;
import io.mora.target.metrics.ShardStages;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardGroup;
import io.mora.target.shard.ShardTurn;
import io.mora.target.state.StateFolder;
import io.mora.target.subsystem.HostGrants;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.SubsystemRegistry;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a target that serves, put together. Control threads, one at a time. */
final class Serving {
  static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  private final ShardGroup shards;
  private final ServedModel model;
  private final List<ShardStages> stages = new ArrayList<>();
  private final List<ShardTurn> turns = new ArrayList<>();
  private final ChannelGroup connections =
      new DefaultChannelGroup("mora-connections", GlobalEventExecutor.INSTANCE, true);
  private final HostGrants grants;
  private final Authenticator authenticator;
  private final ServedPorts ports;
  private final SubsystemRegistry registry;
  private final Associations associations;
  private final long retireMs;

  /**
   * Opens storage and binds addresses; nothing accepts yet.
   *
   * @param state where reservations are kept; closed with the model
   * @param maker carries out what hosts want changed about namespaces
   * @throws IOException naming what cannot be opened or bound; what was is closed again
   */
  Serving(
      TargetSpec spec,
      BackendOpener storage,
      @Nullable StateFolder state,
      ShardGroup shards,
      NamespaceMaker maker)
      throws IOException {
    this.shards = shards;
    this.retireMs = spec.limits().shutdownTimeout().toMillis();
    for (Shard shard : shards.shards()) {
      ShardStages recorder = new ShardStages(spec.latencyIntent().slowThreshold().toNanos());
      stages.add(recorder);
      turns.add(ShardTurns.of(shard, spec.qos(), recorder));
    }
    IntentSpec intent = spec.latencyIntent();
    HotTier tier = HotTier.of(intent.enabled() ? intent.hotBytes() : 0, intent.hotPerHostPercent());
    grants = new HostGrants(intent, tier, spec.hosts(), shards.size(), System.nanoTime());
    authenticator = new Authenticator(spec.hosts(), spec.limits());
    Limits limits = Limits.of(spec.limits());
    ports = new ServedPorts(spec, limits, turns, connections);
    model = new ServedModel(storage, shards, tier, state);
    model.open(spec);
    open(model.namespaces());
    ServedPorts.Change bound;
    try {
      bound = ports.prepare(spec);
    } catch (IOException e) {
      close(model.namespaces());
      model.close();
      throw e;
    }
    registry =
        new SubsystemRegistry(model.subsystems(), bound.ports(), spec.discovery().referrals());
    associations =
        new Associations(
            registry,
            limits,
            turns,
            grants,
            authenticator,
            (controller, qid, connection) ->
                qid == 0
                    ? new AdminCommands(controller, registry, connection, maker)
                    : new IoCommands(controller, qid, connection));
    ports.commit(bound, associations);
  }

  ShardGroup shards() {
    return shards;
  }

  /** By index of their shards. */
  List<ShardTurn> turns() {
    return turns;
  }

  ServedModel model() {
    return model;
  }

  List<ShardStages> stages() {
    return stages;
  }

  ServedPorts ports() {
    return ports;
  }

  SubsystemRegistry registry() {
    return registry;
  }

  Associations associations() {
    return associations;
  }

  /** Every open connection. */
  ChannelGroup connections() {
    return connections;
  }

  /** Opens namespaces on every shard; they can be served then. */
  void open(List<Namespace> namespaces) {
    model.serve(namespaces);
    shards.onEach(
        shard -> {
          ShardTurn turn = turns.get(shard.index());
          // The turn comes last, behind what completes at its end: what that queues, or has to say,
          // would else wait for the shard's next event.
          shard.loop().removeTurnListener(turn);
          namespaces.forEach(namespace -> namespace.open(turn));
          shard.loop().addTurnListener(turn);
        });
  }

  /** Closes namespaces of which nothing is under way on every shard. */
  void close(List<Namespace> namespaces) {
    shards.onEach(
        shard -> namespaces.forEach(namespace -> namespace.close(turns.get(shard.index()))));
  }

  /** Replaces a host's grant; false if there is no place for another host. */
  boolean grant(String hostNqn, GrantSpec grant) {
    if (!grants.replace(hostNqn, grant, System.nanoTime())) {
      LOG.warn("Host {} keeps the grants of hosts without a name: too many hosts", hostNqn);
      return false;
    }
    associations.grantChanged(hostNqn);
    return true;
  }

  /** What hosts have to prove from their next connect or proof on; open connections stay open. */
  void keys(List<HostSpec> hosts) {
    authenticator.keys(hosts);
    grants.trust(hosts);
  }

  /** No proof is computed any more. */
  void stopAuthenticating() {
    authenticator.close();
  }

  /** How to let go of a namespace once its subsystem does not have it any more. */
  Runnable left(Namespace namespace, Nqn subsystem) {
    ControllerTable table = associations.table(subsystem);
    List<ControllerTable> tables = table == null ? List.of() : List.of(table);
    return () -> {
      model.leave(namespace);
      if (!new NamespaceRetirement(shards, turns, tables, namespace).run(retireMs)) {
        model.lingers(namespace);
        LOG.error(
            "Namespace {} of {} was removed, but its device does not answer: its storage stays"
                + " open until the target stops",
            namespace.nsid(),
            subsystem);
      }
    };
  }

  /** Operations at devices. */
  int inFlight() {
    int[] inFlight = new int[shards.size()];
    shards.onEach(
        shard -> {
          for (Namespace namespace : model.namespaces()) {
            inFlight[shard.index()] += namespace.inFlight(shard.index());
          }
        });
    return sum(inFlight);
  }

  /** Bytes of buffers on loan. */
  long lentBytes() {
    long[] lent = new long[shards.size()];
    shards.onEach(shard -> lent[shard.index()] = shard.lentBytes());
    long sum = 0;
    for (long bytes : lent) {
      sum += bytes;
    }
    return sum;
  }

  private static int sum(int[] values) {
    int sum = 0;
    for (int each : values) {
      sum += each;
    }
    return sum;
  }
}
