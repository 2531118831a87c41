package io.mora.target.controller;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.status.Status;
import io.mora.target.controller.auth.AuthGate;
import io.mora.target.controller.auth.Authenticator;
import io.mora.target.controller.auth.BackOff;
import io.mora.target.controller.auth.ChannelTerms;
import io.mora.target.controller.auth.Handshake;
import io.mora.target.controller.auth.TlsDoor;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.Limits;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.log.HostLog;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostAccess;
import io.mora.target.subsystem.HostGrants;
import io.mora.target.subsystem.Subsystem;
import io.mora.target.subsystem.SubsystemRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Finds or makes the controller a Connect asks for and gives its connection a queue pair on the
 * right shard.
 *
 * <p>Assumes: {@link #connect} is called on the connection's shard. Guarantees: a subsystem's
 * controllers are touched by its home shard only. Progress: a Connect takes two hops between shards
 * and a move of the socket; commands take none.
 */
public final class Associations {
  private static final HostLog CONNECTED =
      HostLog.of(Associations.class, Level.INFO, "Hosts connected");
  private static final HostLog REFUSED =
      HostLog.of(Associations.class, Level.WARN, "Connects refused");

  private static final HostLog UNPROVEN =
      HostLog.of(Associations.class, Level.WARN, "Hosts with less than their grant");

  private final SubsystemRegistry registry;
  private final Limits limits;
  private final ShardPlacement placement;
  private final Authenticator authenticator;
  private final CommandSets commandSets;
  private final List<ShardTurn> turns;
  private final HostGrants grants;
  private int made;

  /** Replaced whole by a control thread. */
  private volatile Map<String, ControllerTable> tables = Map.of();

  public Associations(
      SubsystemRegistry registry,
      Limits limits,
      List<ShardTurn> turns,
      HostGrants grants,
      Authenticator authenticator,
      CommandSets commandSets) {
    this.registry = registry;
    this.limits = limits;
    this.placement = new ShardPlacement(turns);
    this.authenticator = authenticator;
    this.commandSets = commandSets;
    this.turns = turns;
    this.grants = grants;
    registry.snapshot().byNqn().values().forEach(this::add);
  }

  /** A new subsystem, before the registry has it. A control thread. */
  public void add(Subsystem subsystem) {
    ShardTurn home = turns.get(made++ % turns.size());
    Map<String, ControllerTable> more = new HashMap<>(tables);
    more.put(
        subsystem.nqn().value(), new ControllerTable(subsystem, home, limits, placement, grants));
    tables = more;
  }

  /** A subsystem's table, or null. */
  public @Nullable ControllerTable table(Nqn nqn) {
    return tables.get(nqn.value());
  }

  /** A subsystem goes, once the registry does not have it: its controllers end. Control thread. */
  public void remove(Subsystem subsystem) {
    Map<String, ControllerTable> fewer = new HashMap<>(tables);
    ControllerTable table = fewer.remove(subsystem.nqn().value());
    tables = fewer;
    if (table != null) {
      table.home().shard().execute(table::retire);
    }
  }

  /** A subsystem's namespaces came or went, or some changed; any thread. */
  public void namespacesChanged(Subsystem subsystem, Collection<Integer> changed) {
    onHome(subsystem, table -> table.namespacesChanged(changed));
  }

  /** Others may use a subsystem now; any thread. */
  public void accessChanged(Subsystem subsystem) {
    onHome(subsystem, ControllerTable::accessChanged);
  }

  /** What the discovery log says may have changed; any thread. */
  public void discoveryChanged() {
    for (ControllerTable table : tables.values()) {
      if (table.subsystem().isDiscovery()) {
        table.home().shard().execute(table::discoveryChanged);
      }
    }
  }

  /** How ANA groups are reached changed at some port; any thread. */
  public void anaChanged() {
    for (ControllerTable table : tables.values()) {
      table.home().shard().execute(table::anaChanged);
    }
  }

  private void onHome(Subsystem subsystem, Consumer<ControllerTable> action) {
    ControllerTable table = tables.get(subsystem.nqn().value());
    if (table != null) {
      table.home().shard().execute(() -> action.accept(table));
    }
  }

  /** The keys of hosts that connect over TLS. */
  public TlsDoor tls() {
    return authenticator.tls();
  }

  Limits limits() {
    return limits;
  }

  /** Tables of all subsystems now. */
  public Iterable<ControllerTable> tables() {
    return tables.values();
  }

  /** I/O queues of each shard, those that connect included; any thread. */
  public int[] ioQueues() {
    return placement.queues();
  }

  /** A host's grant was replaced: its controllers drop what it no longer covers. Any thread. */
  public void grantChanged(String hostNqn) {
    for (ControllerTable table : tables.values()) {
      table.home().shard().execute(() -> table.grantChanged(hostNqn));
    }
  }

  void connect(ConnectSequence sequence, ConnectRequest request) {
    Subsystem subsystem = registry.find(request.identity().subNqn(), sequence.connection().port());
    ControllerTable table = subsystem == null ? null : tables.get(subsystem.nqn().value());
    if (subsystem == null || table == null) {
      refuse(sequence, request, Verdict.invalid(Verdict.SUBNQN, true));
      return;
    }
    HostAccess access = subsystem.access();
    if (!access.allows(request.identity().hostNqn().value())) {
      refuse(sequence, request, Verdict.of(Status.CONNECT_INVALID_HOST, Verdict.HOSTNQN, true));
      return;
    }
    PskIdentity cameBy = sequence.connection().tlsIdentity();
    if (cameBy != null && !tls().counts(cameBy)) {
      // Forgotten since its handshake: with the host's secret, or for another key.
      refuse(sequence, request, Verdict.later(Status.CONNECT_CONTROLLER_BUSY));
      return;
    }
    Handshake handshake = null;
    boolean demands = authenticator.demands(request.identity().hostNqn());
    ChannelTerms terms = terms(sequence.connection(), request);
    if (demands) {
      handshake = begin(sequence.connection(), request, terms);
      if (handshake == null) {
        refuse(sequence, request, Verdict.later(Status.CONNECT_CONTROLLER_BUSY));
        return;
      }
    } else if (!terms.mayStay()) {
      // It has no secret to make a key by; by one that is configured it had come over TLS.
      refuse(sequence, request, Verdict.of(Status.CONNECT_INVALID_HOST, Verdict.HOSTNQN, true));
      return;
    }
    Attempt attempt = new Attempt(sequence, request, handshake);
    table.home().shard().execute(() -> decide(attempt, table));
  }

  private static ChannelTerms terms(HostConnection connection, ConnectRequest request) {
    return ChannelTerms.of(connection.port().tls(), connection.tlsIdentity(), request.qid() == 0);
  }

  private @Nullable Handshake begin(
      HostConnection connection, ConnectRequest request, ChannelTerms terms) {
    return authenticator.begin(
        new BackOff.Source(request.identity().hostNqn(), connection.remoteAddress().getAddress()),
        request.identity().subNqn(),
        terms,
        request.qid() == 0,
        connection.turn().nowNs());
  }

  /** A Connect under way, and what its host has to prove if there is anything. */
  private record Attempt(
      ConnectSequence sequence, ConnectRequest request, @Nullable Handshake handshake) {
    void cancel() {
      if (handshake != null) {
        handshake.cancel();
      }
    }
  }

  /** On the subsystem's home shard. */
  private void decide(Attempt attempt, ControllerTable table) {
    ConnectSequence sequence = attempt.sequence();
    ConnectRequest request = attempt.request();
    boolean admin = request.qid() == 0;
    Verdict verdict = admin ? table.create(request) : table.claim(request);
    Controller controller = verdict.controller();
    ShardTurn current = sequence.connection().turn();
    if (controller == null) {
      attempt.cancel();
      current.shard().execute(() -> refuse(sequence, request, verdict));
      return;
    }
    ShardTurn to = admin ? table.home() : controller.place(request.qid());
    Runnable undo =
        () -> {
          attempt.cancel();
          table.home().shard().execute(() -> controller.undoConnect(request.qid(), to));
        };
    current
        .shard()
        .execute(
            () -> {
              if (sequence.isClosed()) {
                undo.run();
              } else {
                sequence
                    .connection()
                    .moveTo(
                        to,
                        () -> {
                          // The host may have hung up on the way; its queue pair would never hear
                          // of it.
                          if (sequence.isClosed()) {
                            undo.run();
                          } else {
                            accept(attempt, controller);
                          }
                        },
                        undo);
              }
            });
  }

  /** On the queue pair's shard, where the connection is now. */
  private void accept(Attempt attempt, Controller controller) {
    HostConnection connection = attempt.sequence().connection();
    ConnectRequest request = attempt.request();
    CommandSet commands = commandSets.forQueue(controller, request.qid(), connection);
    Handshake handshake = attempt.handshake();
    AuthGate gate =
        handshake == null
            ? null
            : new AuthGate(
                controller,
                commands,
                handshake,
                connection.turn(),
                connection.sink(),
                () -> identify(attempt, controller));
    if (handshake == null || handshake.isProved()) {
      identify(attempt, controller);
    }
    QueuePair queuePair =
        new QueuePair(
            gate == null ? controller : gate,
            request.shape(),
            connection.turn(),
            connection.sink(),
            gate == null ? commands : gate);
    int demands = handshake == null ? 0 : handshake.demands();
    connection
        .sink()
        .respondTo(
            request.cid(), request.replySqhd(), Status.SUCCESS, controller.cntlid() | demands);
    controller.attach(queuePair);
    // Last: what the host sent behind its Connect may end the queue pair at once.
    connection.serve(queuePair, controller.subsystem());
    if (request.qid() == 0) {
      CONNECTED.line(
          "{} connected to {} as controller {} from {} (keep-alive {} ms)",
          request.identity().hostNqn(),
          controller.subsystem(),
          controller.cntlid(),
          connection.remoteAddress(),
          request.katoMs());
    }
  }

  /** Before anything is asked of a new controller: what its host's name is worth. */
  private static void identify(Attempt attempt, Controller controller) {
    if (attempt.request().qid() != 0) {
      return; // What the admin queue proved is what counts.
    }
    HostConnection connection = attempt.sequence().connection();
    int proof = attempt.handshake() == null ? GrantPage.CLAIMED : GrantPage.DH_CHAP;
    if (controller.identity().secure()) {
      proof = GrantPage.TLS;
    }
    IntentState intent = controller.intent();
    intent.connected(proof, connection.port().policy().trust() == Trust.CLAIMED);
    if (!intent.grant().spec().equals(intent.host().grant().spec())) {
      UNPROVEN.line(
          "{} from {} has not proved who it is: it gets class {} at most, and no other grant that"
              + " needs a proof",
          controller.identity().hostNqn(),
          connection.remoteAddress(),
          intent.grant().spec().highestClass().word());
    }
  }

  private static void refuse(ConnectSequence sequence, ConnectRequest request, Verdict verdict) {
    REFUSED.line(
        "Connect of {} to {} (queue {}) refused with status {}h",
        request.identity().hostNqn(),
        request.identity().subNqn(),
        request.qid(),
        Integer.toHexString(verdict.status() & 0x7FF));
    sequence.refuse(request.cid(), verdict.status(), verdict.result());
  }

  /** Makes the command set of a queue. */
  public interface CommandSets {
    CommandSet forQueue(Controller controller, int qid, HostConnection connection);
  }
}
