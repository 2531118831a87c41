package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.target.live.ApplyResult;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A target for each test, and raw hosts. */
@ParameterizedClass(name = "{0}")
@MethodSource("setups")
abstract class LiveTarget {
  static final Nqn NQN = Setup.NQN;
  static final int INVALID_NAMESPACE = 0x00B;
  static final int BLOCK = 4096;

  /** Type notice: namespace attributes, log 04h. */
  static final int NAMESPACES_EVENT = 0x04_00_02;

  static final int DISCOVERY_EVENT = 0x70_F0_02;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @Parameter
  Setup setup;

  @SuppressWarnings("NullAway.Init") // by JUnit
  MoraTarget target;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  @BeforeEach
  void start() throws IOException {
    target = begin();
  }

  MoraTarget begin() throws IOException {
    return MoraTarget.start(setup.spec());
  }

  @AfterEach
  void stop() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> target.connections() == 0 && target.lentBytes() == 0);
    target.close();
    assertThat(target.lentBytes()).as("bytes on loan").isZero();
  }

  InetSocketAddress address() {
    return target.listeners().get(0).address();
  }

  RawSession session() {
    return RawSession.open(address(), NQN.value());
  }

  /** Hosts that want notices of namespaces. */
  static RawSession listening(RawSession session) {
    assertOk(session.admin().run(Capsules.setFeature(30, 0x0B, 1 << 8)));
    return session;
  }

  // --- specs

  static NamespaceSpec memory(int nsid, long sizeBytes) {
    return NamespaceSpec.of(NQN, nsid, BLOCK, new BackendSpec.Memory(sizeBytes));
  }

  static SubsystemSpec first(TargetSpec spec) {
    return spec.subsystems().get(0);
  }

  static SubsystemSpec with(SubsystemSpec subsystem, List<NamespaceSpec> namespaces) {
    return new SubsystemSpec(
        subsystem.nqn(),
        subsystem.serial(),
        subsystem.model(),
        subsystem.allowAnyHost(),
        subsystem.allowedHosts(),
        namespaces,
        subsystem.policy());
  }

  /** The spec in force with other namespaces in its first subsystem. */
  TargetSpec withNamespaces(List<NamespaceSpec> namespaces) {
    List<SubsystemSpec> subsystems = new ArrayList<>(target.spec().subsystems());
    subsystems.set(0, with(subsystems.get(0), namespaces));
    return target.spec().withSubsystems(subsystems);
  }

  TargetSpec withAdded(NamespaceSpec namespace) {
    List<NamespaceSpec> more = new ArrayList<>(first(target.spec()).namespaces());
    more.add(namespace);
    return withNamespaces(more);
  }

  TargetSpec without(int nsid) {
    return withNamespaces(
        first(target.spec()).namespaces().stream().filter(each -> each.nsid() != nsid).toList());
  }

  TargetSpec withReplaced(NamespaceSpec namespace) {
    return withNamespaces(
        first(target.spec()).namespaces().stream()
            .map(each -> each.nsid() == namespace.nsid() ? namespace : each)
            .toList());
  }

  ApplyResult apply(TargetSpec wanted) {
    ApplyResult result = target.apply(wanted);
    assertThat(result.problems()).isEmpty();
    assertThat(target.spec()).isEqualTo(wanted);
    return result;
  }

  // --- commands

  static Frame read(int cid, int nsid, long slba, int blocks) {
    return Capsules.blocks(Capsules.transfer(0x02, cid, nsid, blocks * BLOCK), slba, blocks);
  }

  static Frame write(int cid, int nsid, long slba, byte[] data) {
    return Capsules.blocks(Capsules.inCapsule(0x01, cid, nsid, data), slba, data.length / BLOCK);
  }

  static byte[] pattern(int seed) {
    byte[] data = new byte[BLOCK];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (seed + i % 251);
    }
    return data;
  }

  static List<Integer> activeNsids(RawHost admin) {
    Outcome outcome = admin.run(Capsules.identify(40, 2, 0));
    assertOk(outcome);
    return list(outcome.data());
  }

  static List<Integer> changedLog(RawHost admin) {
    Outcome outcome = admin.run(Capsules.getLog(41, 0x04, 0, 4096));
    assertOk(outcome);
    return list(outcome.data());
  }

  static List<Integer> list(byte[] page) {
    ByteBuffer buffer = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> nsids = new ArrayList<>();
    for (int nsid = buffer.getInt(); nsid != 0; nsid = buffer.getInt()) {
      nsids.add(nsid);
    }
    return nsids;
  }

  static long blocks(RawHost admin, int nsid) {
    Outcome outcome = admin.run(Capsules.identify(42, 0, nsid));
    assertOk(outcome);
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  static void assertOk(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.toString()).isZero();
  }

  static void assertRefused(Outcome outcome, int code) {
    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(code);
    assertThat(outcome.doNotRetry()).as("DNR of " + outcome).isTrue();
  }

  /** The completion of an event request that waits. */
  static int event(RawHost admin, int cid) {
    return admin.outcome(cid).dw0();
  }
}
