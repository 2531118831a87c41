package io.mora.tests.system.tls;

import static io.mora.tests.system.tls.TlsRig.HOST;
import static io.mora.tests.system.tls.TlsRig.LONG_PSK;
import static io.mora.tests.system.tls.TlsRig.NEIGHBOUR;
import static io.mora.tests.system.tls.TlsRig.OTHER;
import static io.mora.tests.system.tls.TlsRig.PSK;
import static io.mora.tests.system.tls.TlsRig.host;
import static io.mora.tests.system.tls.TlsRig.readsAndWrites;
import static io.mora.tests.system.tls.TlsRig.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.initiator.path.PathOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.system.fuzz.LogWatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our host at our target over TLS, on each transport, with keys that fit and keys that do not. */
@Covers("tcp.tls")
class TlsLoopbackTest {
  @RegisterExtension final Evidence evidence = new Evidence();

  static Stream<TransportKind> kinds() {
    return TlsRig.kinds();
  }

  private TlsRig rig(TransportKind kind) {
    return new TlsRig(evidence, kind);
  }

  private static ConnectionException refusal(CompletionStage<?> connecting) {
    Throwable failure = Waiting.failure(connecting);
    assertThat(failure).isInstanceOf(ConnectionException.class);
    for (TlsPsk each : List.of(PSK, LONG_PSK, OTHER)) {
      assertThat(failure.toString()).doesNotContain(each.reveal().substring(16, 40));
    }
    return (ConnectionException) failure;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyLengthArrivesWithAndWithoutDigests(TransportKind kind) {
    TargetFixture target =
        rig(kind).target(TlsPolicy.REQUIRED, host(HOST, PSK), host(NEIGHBOUR, LONG_PSK));
    for (boolean digests : new boolean[] {false, true}) {
      Association association =
          Waiting.get(
              rig(kind)
                  .initiator(PSK)
                  .connect(to(target).headerDigest(digests).dataDigest(digests).build()));
      readsAndWrites(association, digests ? 1 : 0);
      Waiting.get(association.disconnect());
    }
    Association longer =
        Waiting.get(
            rig(kind)
                .initiator(NEIGHBOUR, new TlsOptions(LONG_PSK, 0))
                .connect(to(target).threadQueues(1).build()));
    readsAndWrites(longer, 7);
    try (var queue = longer.openThreadQueue(0)) {
      ByteBuffer data = ByteBuffer.allocateDirect(4096);
      assertThat(queue.on(longer.namespace(1)).read(0, 8, data)).isNotNull();
    }
    target.awaitNothingLent();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void manyCommandsAtOnceKeepTheirBytes(TransportKind kind) {
    TargetFixture target = rig(kind).target(TlsPolicy.ALLOWED, host(HOST, LONG_PSK));
    Association association =
        Waiting.get(rig(kind).initiator(LONG_PSK).connect(to(target).queueDepth(64).build()));
    List<CompletionStage<?>> writes = new ArrayList<>();
    List<ByteBuffer> read = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      int bytes = 512 * (1 + i % 60);
      ByteBuffer data = ByteBuffer.allocateDirect(bytes);
      data.putInt(0, i).putInt(bytes - 4, ~i);
      writes.add(association.namespace(1).write(i * 64L, bytes / 512, data));
    }
    writes.forEach(Waiting::get);
    List<CompletionStage<?>> reads = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      int bytes = 512 * (1 + i % 60);
      ByteBuffer back = ByteBuffer.allocateDirect(bytes);
      read.add(back);
      reads.add(association.namespace(1).read(i * 64L, bytes / 512, back));
    }
    reads.forEach(Waiting::get);
    for (int i = 0; i < 128; i++) {
      assertThat(read.get(i).getInt(0)).isEqualTo(i);
      assertThat(read.get(i).getInt(read.get(i).capacity() - 4)).isEqualTo(~i);
    }
    target.awaitNothingLent();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whoHasNotTheKeyIsToldSo(TransportKind kind) {
    TargetFixture target =
        rig(kind).target(TlsPolicy.REQUIRED, host(HOST, PSK), host(NEIGHBOUR, LONG_PSK));
    ConnectionException wrong =
        refusal(rig(kind).initiator(HOST, new TlsOptions(OTHER, 0)).connect(to(target).build()));
    assertThat(wrong.reason()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(wrong).hasMessageContaining("its key is another");
    ConnectionException unknown = refusal(rig(kind).initiator(OTHER).connect(to(target).build()));
    assertThat(unknown.reason()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(unknown).hasMessageContaining("no key for this identity");
    ConnectionException neighbours =
        refusal(rig(kind).initiator(NEIGHBOUR, TlsOptions.of(PSK)).connect(to(target).build()));
    assertThat(neighbours.reason()).isEqualTo(Reason.UNAUTHENTICATED);
    ConnectionException plain = refusal(rig(kind).initiator(null).connect(to(target).build()));
    assertThat(plain.reason()).isEqualTo(Reason.LOST);
    assertThat(plain).hasMessageContaining("want TLS");
    readsAndWrites(Waiting.get(rig(kind).initiator(PSK).connect(to(target).build())), 1);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aPortThatAllowsBothServesBoth(TransportKind kind) {
    TargetFixture target = rig(kind).target(TlsPolicy.ALLOWED, host(HOST, PSK));
    readsAndWrites(Waiting.get(rig(kind).initiator(PSK).connect(to(target).build())), 2);
    readsAndWrites(Waiting.get(rig(kind).initiator(null).connect(to(target).build())), 3);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tlsAtAPlainPortIsSaid(TransportKind kind) {
    TargetFixture target = rig(kind).target(TlsPolicy.NONE, host(HOST, PSK));
    ConnectionException refusal = refusal(rig(kind).initiator(PSK).connect(to(target).build()));
    assertThat(refusal.reason()).isEqualTo(Reason.LOST);
    assertThat(refusal).hasMessageContaining("plain NVMe/TCP where TLS is due");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aReconnectShakesHandsAgain(TransportKind kind) {
    TargetFixture target = rig(kind).target(TlsPolicy.REQUIRED, host(HOST, PSK));
    Association association =
        Waiting.get(
            rig(kind)
                .initiator(PSK)
                .connect(
                    ConnectOptions.to(target.address(), Served.SUBSYSTEM)
                        .queues(2)
                        .reconnectDelayMs(50)
                        .build()));
    AtomicInteger live = InitiatorFixture.timesLive(association);
    for (int i = 1; i <= 3; i++) {
      int times = i;
      target
          .target()
          .controllers()
          .disconnect(Served.SUBSYSTEM, association.controllerId(), "a test");
      Waiting.until("back", () -> live.get() >= times);
      readsAndWrites(association, i);
    }
  }

  @Test
  void aKeyIsChangedWithoutLosingAConnection() {
    TlsRig rig = rig(TransportKind.best());
    TargetFixture target = rig.target(TlsPolicy.REQUIRED, host(HOST, PSK));
    Association before = Waiting.get(rig.initiator(PSK).connect(to(target).build()));
    change(target, new HostSpec(HOST).with(TlsSpec.of(LONG_PSK).withPrevious(PSK)));
    readsAndWrites(before, 1);
    readsAndWrites(Waiting.get(rig.initiator(PSK).connect(to(target).build())), 2);
    readsAndWrites(Waiting.get(rig.initiator(LONG_PSK).connect(to(target).build())), 3);
    change(target, host(HOST, LONG_PSK));
    readsAndWrites(before, 4);
    refusal(rig.initiator(PSK).connect(to(target).build()));
    readsAndWrites(Waiting.get(rig.initiator(LONG_PSK).connect(to(target).build())), 5);
  }

  /** Between the two commands of a change of keys a host that reconnects has the wrong one. */
  @Test
  void whoReconnectsWhileItsKeyIsChangedComesBack() {
    TlsRig rig = rig(TransportKind.best());
    TargetFixture target = rig.target(TlsPolicy.REQUIRED, host(HOST, PSK));
    ConnectOptions options =
        ConnectOptions.to(target.address(), Served.SUBSYSTEM)
            .queues(2)
            .reconnectDelayMs(50)
            .build();
    Association association = Waiting.get(rig.initiator(PSK).connect(options));
    try (LogWatch log = new LogWatch("io.mora.initiator")) {
      change(target, host(HOST, OTHER));
      target
          .target()
          .controllers()
          .disconnect(Served.SUBSYSTEM, association.controllerId(), "a test");
      Waiting.until("it is refused", () -> log.containing("UNAUTHENTICATED") > 1);
      assertThat(association.state()).isEqualTo(AssociationState.RECONNECTING);
      change(target, new HostSpec(HOST).with(TlsSpec.of(OTHER).withPrevious(PSK)));
      readsAndWrites(association, 1);
    }
  }

  private static void change(TargetFixture target, HostSpec host) {
    TargetSpec spec = target.target().spec();
    assertThat(target.target().apply(spec.withHosts(List.of(host))).isApplied()).isTrue();
  }

  @Test
  void discoveryTellsOfTlsAndIsFollowed() {
    TlsRig rig = rig(TransportKind.best());
    for (TlsPolicy policy : TlsPolicy.values()) {
      TargetFixture target = rig.target(policy, host(HOST, PSK));
      Initiator initiator = rig.initiator(policy == TlsPolicy.NONE ? null : PSK);
      List<DiscoveryLogEntry> entries = Waiting.get(initiator.discover(target.address())).entries();
      DiscoveryLogEntry entry =
          entries.stream()
              .filter(each -> Served.SUBSYSTEM.equals(each.subsystemNqn()))
              .findFirst()
              .orElseThrow();
      assertThat(entry.requiresTls()).isEqualTo(policy == TlsPolicy.REQUIRED);
      assertThat(entry.offersTls()).isEqualTo(policy != TlsPolicy.NONE);
      try (var paths =
          Waiting.get(
              initiator.discoverPaths(
                  PathOptions.DEFAULT,
                  target.address(),
                  to(target).controllerLossTimeoutMs(1000).build()))) {
        assertThat(paths.addresses()).hasSize(1);
      }
    }
  }

  @Test
  void bothProofsGoTogether() {
    TlsRig rig = rig(TransportKind.best());
    DhchapSecret secret = DhchapSecret.generate(null, 32, TlsRig.RANDOM);
    TargetFixture target =
        rig.target(TlsPolicy.REQUIRED, host(HOST, PSK).with(DhchapSpec.of(secret)));
    Initiator initiator = rig.initiator(PSK);
    assertThat(refusal(initiator.connect(to(target).build())).reason())
        .isEqualTo(Reason.UNAUTHENTICATED);
    readsAndWrites(
        Waiting.get(initiator.connect(to(target).dhchap(DhchapOptions.of(secret)).build())), 1);
  }
}
