package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.NamespaceReach;
import io.mora.protocol.data.log.AnaLogPage;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ANA groups, two listeners of one subsystem, and namespaces that some hosts do not see. */
@Covers("log.ana")
class AnaTest extends LiveTarget {
  private static final int ANA_EVENT = 0x0C_03_02;
  private static final int GROUP_2 = 9;
  private static final int GROUP_1 = 1;
  private static final String OTHER_HOST = "nqn.2026-01.io.mora:other-host";

  @BeforeEach
  void twoListenersTwoGroups() {
    List<ListenerSpec> listeners = new ArrayList<>(target.spec().listeners());
    listeners.add(new ListenerSpec(new TransportAddress("127.0.0.2", 0), List.of()));
    apply(withAdded(inGroup(2)).withListeners(listeners));
  }

  private static NamespaceSpec inGroup(int group) {
    return memory(GROUP_2, 1 << 20)
        .withPolicy(NamespacePolicy.DEFAULT.withReach(new NamespaceReach(group, List.of())));
  }

  private RawSession through(int listener) {
    RawSession session = RawSession.open(target.listeners().get(listener).address(), NQN.value());
    assertOk(session.admin().run(Capsules.setFeature(30, 0x0B, 1 << 11 | 1 << 8)));
    return session;
  }

  /** Another state of group 2 at a listener. */
  private TargetSpec with(int listener, AnaState state) {
    List<ListenerSpec> listeners = new ArrayList<>(target.spec().listeners());
    ListenerSpec was = listeners.get(listener);
    listeners.set(listener, was.withAna(List.of(new AnaGroupState(2, state))));
    return target.spec().withListeners(listeners);
  }

  private static AnaLogPage log(RawHost admin, int lsp) {
    Outcome outcome = admin.run(Capsules.getLog(44, 0x0C, 0, 4096).put(Capsules.CDW10 + 1, 1, lsp));
    assertOk(outcome);
    return AnaLogPage.decode(Unpooled.wrappedBuffer(outcome.data()), 0);
  }

  @Test
  void itIsToldToHosts() {
    try (RawSession session = through(0)) {
      ByteBuffer id =
          ByteBuffer.wrap(session.admin().run(Capsules.identify(1, 1, 0)).data())
              .order(ByteOrder.LITTLE_ENDIAN);
      assertThat(id.get(76) & 8).as("CMIC").isNotZero();
      assertThat(id.getInt(92) & 1 << 11).as("OAES").isNotZero();
      assertThat(id.get(342)).as("ANATT").isPositive();
      assertThat(id.get(343)).as("ANACAP").isEqualTo((byte) 0x1F);
      assertThat(id.getInt(344)).as("ANAGRPMAX").isEqualTo(128);
      assertThat(id.getInt(348)).as("NANAGRPID").isEqualTo(128);
      assertThat(id.getInt(540)).as("MNAN").isEqualTo(id.getInt(516));
      byte[] namespace = session.admin().run(Capsules.identify(2, 0, GROUP_2)).data();
      assertThat(namespace[92]).as("ANAGRPID").isEqualTo((byte) 2);
      AnaLogPage log = log(session.admin(), 0);
      assertThat(log.groups()).extracting(AnaLogPage.Group::id).containsExactly(1, 2);
      assertThat(log.groups()).extracting(AnaLogPage.Group::state).containsOnly(1);
      assertThat(log.groups().get(1).nsids()).containsExactly(GROUP_2);
      assertThat(log(session.admin(), 1).groups())
          .as("groups only")
          .allSatisfy(group -> assertThat(group.nsids()).isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NON_OPTIMIZED, 2, 0",
    "INACCESSIBLE, 3, 0x302",
    "PERSISTENT_LOSS, 4, 0x301",
    "CHANGE, 15, 0x303"
  })
  void aStateCountsForItsGroupAndItsListener(AnaState state, int code, String status) {
    int expected = Integer.decode(status);
    try (RawSession here = through(0);
        RawSession there = through(1)) {
      RawHost queue = here.queue(1);
      RawHost other = there.queue(1);
      assertOk(queue.run(write(1, GROUP_2, 0, pattern(1))));
      long before = log(here.admin(), 0).changeCount();
      here.admin().send(Capsules.asyncEvent(100));
      there.admin().send(Capsules.asyncEvent(100));
      apply(with(0, state));
      assertThat(event(here.admin(), 100)).isEqualTo(ANA_EVENT);
      AnaLogPage log = log(here.admin(), 0);
      assertThat(log.changeCount()).isGreaterThan(before);
      assertThat(log.groups().get(1).state()).isEqualTo(code);
      assertThat(log.groups().get(0).state()).as("the other group").isEqualTo(1);
      Outcome read = queue.run(read(2, GROUP_2, 0, 1));
      assertThat(read.code()).isEqualTo(expected);
      assertThat(read.doNotRetry()).isFalse();
      assertThat(queue.run(write(3, GROUP_2, 1, pattern(2))).code()).isEqualTo(expected);
      assertOk(queue.run(write(4, GROUP_1, 0, pattern(3))));
      // Through the other listener all is as it was, and nobody is told otherwise.
      assertThat(other.run(read(2, GROUP_2, 0, 1)).data()).isEqualTo(pattern(1));
      assertThat(log(there.admin(), 0).groups())
          .extracting(AnaLogPage.Group::state)
          .containsOnly(1);
      assertThat(there.admin().unclaimed()).isZero();
      apply(with(0, AnaState.OPTIMIZED));
      assertThat(queue.run(read(5, GROUP_2, 0, 1)).data()).isEqualTo(pattern(1));
    }
  }

  /** What was let in before ends as it ends. */
  @Test
  void aWriteUnderWayIsFinished() {
    try (RawSession session = through(0)) {
      RawHost queue = session.queue(1);
      byte[] data = new byte[64 << 10];
      data[5] = 7;
      queue.send(
          Capsules.blocks(
              Capsules.transfer(0x01, 7, GROUP_2, data.length), 0, data.length / BLOCK));
      Received r2t = queue.receive(7);
      apply(with(0, AnaState.INACCESSIBLE));
      queue.answer(r2t, data, data.length);
      assertOk(queue.outcome(7));
      apply(with(0, AnaState.OPTIMIZED));
      assertThat(queue.run(read(8, GROUP_2, 0, 1)).data()[5]).isEqualTo((byte) 7);
    }
  }

  @Test
  void aNamespaceChangesItsGroup() {
    try (RawSession session = through(0)) {
      session.admin().send(Capsules.asyncEvent(100));
      session.admin().send(Capsules.asyncEvent(101));
      apply(withReplaced(inGroup(3)));
      assertThat(List.of(event(session.admin(), 100), event(session.admin(), 101)))
          .containsExactlyInAnyOrder(NAMESPACES_EVENT, ANA_EVENT);
      assertThat(changedLog(session.admin())).containsExactly(GROUP_2);
      assertThat(log(session.admin(), 0).groups())
          .extracting(AnaLogPage.Group::id)
          .containsExactly(1, 3);
    }
  }

  /** NSIDs are masked: who may not see a namespace has no way to tell that there is one. */
  @Test
  void aNamespaceForSomeHosts() {
    List<HostSpec> hosts = List.of(new HostSpec(new Nqn(OTHER_HOST)));
    NamespaceSpec theirs =
        memory(GROUP_2, 1 << 20)
            .withPolicy(
                NamespacePolicy.DEFAULT.withReach(
                    new NamespaceReach(2, List.of(new Nqn(OTHER_HOST)))));
    try (RawSession session = through(0)) {
      RawHost queue = session.queue(1);
      assertOk(queue.run(write(1, GROUP_2, 0, pattern(1))));
      session.admin().send(Capsules.asyncEvent(100));
      apply(withReplaced(theirs).withHosts(hosts));
      assertThat(event(session.admin(), 100)).isEqualTo(NAMESPACES_EVENT);
      assertThat(changedLog(session.admin())).containsExactly(GROUP_2);
      assertThat(activeNsids(session.admin())).doesNotContain(GROUP_2);
      assertThat(blocks(session.admin(), GROUP_2)).isZero();
      assertRefused(queue.run(read(2, GROUP_2, 0, 1)), INVALID_NAMESPACE);
      assertThat(log(session.admin(), 0).groups())
          .extracting(AnaLogPage.Group::id)
          .containsExactly(1);
      byte[] identity = Capsules.connectData(0xFFFF, NQN.value(), OTHER_HOST, 9);
      try (RawSession other =
          RawSession.connect(address(), NQN.value(), Capsules.connect(0, identity), 0)) {
        other.enable();
        assertThat(activeNsids(other.admin())).contains(GROUP_2);
        byte[] io = Capsules.connectData(other.cntlid(), NQN.value(), OTHER_HOST, 9);
        RawHost mine = other.queue(Capsules.connect(1, io), 0, 0);
        assertThat(mine.run(read(1, GROUP_2, 0, 1)).data()).isEqualTo(pattern(1));
      }
    }
  }

  @Test
  void whatIsWrongIsNamed() {
    List<ListenerSpec> listeners = new ArrayList<>(target.spec().listeners());
    listeners.set(
        0,
        listeners
            .get(0)
            .withAna(
                List.of(
                    new AnaGroupState(2, AnaState.CHANGE),
                    new AnaGroupState(2, AnaState.OPTIMIZED),
                    new AnaGroupState(129, AnaState.CHANGE))));
    NamespaceSpec unknown =
        memory(GROUP_2, 1 << 20)
            .withPolicy(
                NamespacePolicy.DEFAULT.withReach(
                    new NamespaceReach(0, List.of(new Nqn("nqn.2026-01.io.mora:nobody")))));
    assertThat(target.apply(withReplaced(unknown).withListeners(listeners)).problems())
        .extracting(problem -> problem.key() + ": " + problem.message())
        .containsExactlyInAnyOrder(
            "listeners[0].ana[1]: already in listeners[0].ana[0]",
            "listeners[0].ana[2]: no such group",
            "subsystems[0].namespaces[4].anaGroup: out of range",
            "subsystems[0].namespaces[4].hosts[0]: no such host is declared");
  }
}
