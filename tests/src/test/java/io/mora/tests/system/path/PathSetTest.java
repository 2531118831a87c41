package io.mora.tests.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.BlockRange;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSet;
import io.mora.initiator.path.PathSignals;
import io.mora.initiator.path.select.PathPolicy;
import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.protocol.net.TransportKind;
import io.mora.protocol.status.Status;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Paths that come, go, and say how well they serve. */
@Tag("loopback")
class PathSetTest {
  @RegisterExtension final Evidence evidence = new Evidence();

  private static ByteBuffer block(long stamp) {
    ByteBuffer data = ByteBuffer.allocateDirect(TwoAppliances.BLOCK);
    data.putLong(0, stamp);
    return data;
  }

  private static long stored(RemoteNamespace namespace) {
    ByteBuffer data = block(0);
    Waiting.get(namespace.read(3, 1, data));
    return data.getLong(0);
  }

  private TwoAppliances rig(PathOptions options) {
    return new TwoAppliances(evidence, TransportKind.best(), options);
  }

  @Test
  void optimizedPathsAreTakenFirst() {
    TwoAppliances rig = rig(PathOptions.DEFAULT.policy(PathPolicy.ROUND_ROBIN));
    rig.first.ana(AnaState.NON_OPTIMIZED);
    Waiting.until(
        "told", () -> rig.signals().paths().get(0).ana().equals(List.of("1 non-optimized")));
    for (int i = 0; i < 10; i++) {
      Waiting.get(rig.namespace.write(3, 1, block(i)));
      assertThat(rig.namespace.association().options().address()).isEqualTo(rig.second.address());
    }
    rig.second.ana(AnaState.INACCESSIBLE);
    Waiting.get(rig.namespace.write(3, 1, block(77)));
    assertThat(stored(rig.namespace)).isEqualTo(77);
    rig.awaitServing(1);
    assertThat(rig.namespace.association().options().address()).isEqualTo(rig.first.address());
    rig.second.ana(AnaState.OPTIMIZED);
    rig.awaitServing(2);
    assertThat(rig.namespace.association().options().address()).isEqualTo(rig.second.address());
    PathSignals signals = rig.signals();
    assertThat(signals.failovers()).isPositive();
    assertThat(signals.failbacks()).isPositive();
    assertThat(signals.quiesced()).as("an answered write is over").isZero();
  }

  /** A transition that ends within ANATT is waited for, however short patience is otherwise. */
  @Test
  void aTransitionIsWaitedFor() {
    TwoAppliances rig = rig(PathOptions.DEFAULT.noPathTimeoutMs(1));
    rig.first.ana(AnaState.CHANGE);
    rig.second.ana(AnaState.CHANGE);
    rig.awaitServing(0);
    CompletionStage<Completion> write = rig.namespace.write(3, 1, block(5));
    Waiting.until("it waits", () -> rig.signals().waiting() == 1);
    rig.first.ana(AnaState.OPTIMIZED);
    Waiting.get(write);
    assertThat(stored(rig.namespace)).isEqualTo(5);
    assertThat(rig.signals().withoutPathMs()).isNotNegative();
  }

  @Test
  void withoutAPathIoWaitsThenFailsAndSaysSo() {
    TwoAppliances rig = rig(PathOptions.DEFAULT.noPathTimeoutMs(300).limits(64, 2));
    rig.first.ana(AnaState.PERSISTENT_LOSS);
    rig.second.ana(AnaState.PERSISTENT_LOSS);
    rig.awaitServing(0);
    CompletionStage<Completion> one = rig.namespace.read(3, 1, block(0));
    CompletionStage<Completion> two = rig.namespace.flush();
    Throwable refused = Waiting.failure(rig.namespace.read(3, 1, block(0)));
    assertThat(refused).isInstanceOf(RejectedExecutionException.class);
    for (CompletionStage<Completion> each : List.of(one, two)) {
      assertThat(Waiting.failure(each))
          .isInstanceOfSatisfying(
              ConnectionException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_PATH))
          .hasMessageContaining("300 ms");
    }
    assertThat(rig.signals().unserved()).isEqualTo(2);
  }

  @Test
  void whatWaitsCanBeCancelled() {
    TwoAppliances rig = rig(PathOptions.DEFAULT);
    rig.first.ana(AnaState.INACCESSIBLE);
    rig.second.ana(AnaState.INACCESSIBLE);
    rig.awaitServing(0);
    IoHandle handle = new IoHandle();
    CompletionStage<Completion> read =
        rig.namespace.read(3, 1, block(0), new IoOptions().handle(handle));
    Waiting.until("it waits", () -> rig.signals().waiting() == 1);
    assertThat(handle.cancel()).isTrue();
    assertThat(IoOutcome.of(Waiting.failure(read))).isEqualTo(IoOutcome.CANCELLED);
    assertThat(handle.isUnderWay()).isFalse();
  }

  @Test
  void everyCommandGoesByPaths() {
    TwoAppliances rig = rig(PathOptions.DEFAULT.policy(PathPolicy.QUEUE_DEPTH));
    RemoteNamespace namespace = rig.namespace;
    Waiting.get(namespace.write(3, 1, block(9)));
    Waiting.get(namespace.compare(3, 1, block(9)));
    Throwable other = Waiting.failure(namespace.compare(3, 1, block(8)));
    assertThat(other)
        .isInstanceOfSatisfying(
            CommandException.class,
            e -> assertThat(Status.code(e.status())).isEqualTo(Status.COMPARE_FAILURE));
    Waiting.get(namespace.writeZeroes(3, 1));
    assertThat(stored(namespace)).isZero();
    Waiting.get(namespace.onQueue(0).write(3, 1, block(10)));
    Waiting.get(namespace.deallocate(List.of(new BlockRange(3, 1))));
    Waiting.get(namespace.flush());
    assertThat(stored(namespace)).isZero();
    ByteBuffer large = ByteBuffer.allocateDirect(600 * TwoAppliances.BLOCK);
    large.putLong(599 * TwoAppliances.BLOCK, 4);
    Waiting.get(namespace.write(0, 600, large));
    ByteBuffer back = ByteBuffer.allocate(600 * TwoAppliances.BLOCK);
    Waiting.get(namespace.read(0, 600, back));
    assertThat(back.getLong(599 * TwoAppliances.BLOCK)).isEqualTo(4);
  }

  /** The same id, another identity: never mixed up. */
  @Test
  void anotherNamespaceUnderTheSameIdIsRefused() {
    TwoAppliances rig = rig(PathOptions.DEFAULT);
    TargetFixture stranger =
        evidence.closing(
            TargetFixture.start(Served.on(1).withMemory(1 << 20, 4096).withMemory(1 << 20, 512)));
    TargetSpec spec = stranger.target().spec();
    List<io.mora.protocol.admin.NamespaceSpec> swapped = new ArrayList<>();
    spec.subsystems()
        .get(0)
        .namespaces()
        .forEach(
            each ->
                swapped.add(
                    new io.mora.protocol.admin.NamespaceSpec(
                        3 - each.nsid(),
                        each.uuid(),
                        each.nguid(),
                        each.blockSizeBytes(),
                        each.backend())));
    var first = spec.subsystems().get(0);
    var changed =
        new io.mora.protocol.admin.SubsystemSpec(
            first.nqn(),
            first.serial(),
            first.model(),
            first.allowAnyHost(),
            first.allowedHosts(),
            List.of(swapped.get(1)),
            first.policy());
    assertThat(stranger.target().apply(spec.withSubsystems(List.of(changed))).problems()).isEmpty();
    Waiting.get(rig.paths.add(TwoAppliances.options(stranger.address()).build()));
    Waiting.until("refused", () -> !rig.signals().paths().get(2).problem().isEmpty());
    assertThat(rig.serving()).isEqualTo(2);
    assertThat(Waiting.failure(rig.paths.namespace(99))).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aPathIsTakenAwayAndComesBack() {
    TwoAppliances rig = rig(PathOptions.DEFAULT);
    Waiting.get(rig.paths.remove(rig.first.address()));
    assertThat(rig.paths.addresses()).containsExactly(rig.second.address());
    Waiting.get(rig.namespace.write(3, 1, block(6)));
    ConnectOptions again = TwoAppliances.options(rig.first.address()).build();
    Waiting.get(rig.paths.add(again));
    rig.awaitServing(2);
    assertThat(Waiting.failure(rig.paths.add(again)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a path already");
    assertThat(stored(rig.namespace)).isEqualTo(6);
    Waiting.get(rig.paths.disconnect());
    assertThat(Waiting.failure(rig.namespace.flush()))
        .isInstanceOfSatisfying(
            ConnectionException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
  }

  @Test
  void discoveryAddsAndRemovesPaths() {
    TargetFixture target =
        evidence.closing(
            TargetFixture.start(Served.on(1).withMemory(1 << 20, TwoAppliances.BLOCK)));
    MoraTarget serving = target.target();
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    PathSet paths =
        Waiting.get(
            host.initiator()
                .discoverPaths(
                    PathOptions.DEFAULT,
                    target.address(),
                    TwoAppliances.options(target.address()).build()));
    RemoteNamespace namespace = Waiting.get(paths.namespace(1));
    assertThat(paths.addresses()).hasSize(1);
    TargetSpec before = serving.spec();
    List<ListenerSpec> two = new ArrayList<>(before.listeners());
    two.add(new ListenerSpec(new TransportAddress("127.0.0.2", 0), List.of()));
    assertThat(serving.apply(before.withListeners(two)).problems()).isEmpty();
    Waiting.until("two paths", () -> paths.addresses().size() == 2);
    Waiting.until("both connected", () -> paths.associations().size() == 2);
    Waiting.get(namespace.write(3, 1, block(8)));
    assertThat(serving.apply(before).problems()).isEmpty();
    Waiting.until("one path", () -> paths.addresses().size() == 1);
    assertThat(stored(namespace)).isEqualTo(8);
    Waiting.get(paths.disconnect());
    Waiting.until("nobody is left", () -> serving.connections() == 0);
  }

  @Test
  void aPathNeedsKeepAlive() {
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    ConnectOptions without =
        ConnectOptions.to(new TransportAddress("127.0.0.1", 1), Served.SUBSYSTEM)
            .keepAliveTimeoutMs(0)
            .build();
    assertThat(
            Waiting.failure(host.initiator().connectPaths(PathOptions.DEFAULT, List.of(without))))
        .hasMessageContaining("keepAliveTimeoutMs 0");
  }
}
