package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subsystems, listeners and hosts that come and go; who is not concerned keeps its connections. */
class SubsystemsTest extends LiveTarget {
  private static final Nqn OTHER = new Nqn("nqn.2026-01.io.mora:other");
  private static final Nqn HOST = new Nqn(Capsules.HOSTNQN);
  private static final Nqn STRANGER = new Nqn("nqn.2026-01.io.mora:stranger");
  private static final int INVALID_HOST = 0x184;
  private static final int INVALID_PARAMETERS = 0x182;

  private static SubsystemSpec other() {
    NamespaceSpec namespace =
        NamespaceSpec.of(OTHER, 1, BLOCK, new io.mora.protocol.admin.BackendSpec.Memory(1 << 20));
    return SubsystemSpec.openToAll(OTHER, List.of(namespace));
  }

  private TargetSpec withOther() {
    return target.spec().withSubsystems(List.of(first(target.spec()), other()));
  }

  private RawSession discovery() {
    RawSession session = RawSession.open(address(), Capsules.DISCOVERY);
    assertOk(session.admin().run(Capsules.setFeature(30, 0x0B, 1 << 31)));
    return session;
  }

  /** GENCTR, NUMREC. */
  private static long[] discoveryLog(RawHost admin) {
    Outcome outcome = admin.run(Capsules.getLog(43, 0x70, 0, 1024));
    assertOk(outcome);
    ByteBuffer log = ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
    return new long[] {log.getLong(0), log.getLong(8)};
  }

  private static int connectStatus(InetSocketAddress to, String subNqn) {
    try (RawHost host = RawHost.connect(to).initialise(0, 0)) {
      return host.run(Capsules.connect(0, 0xFFFF, subNqn)).code();
    }
  }

  @Covers({"log.discovery", "event"})
  @Test
  void oneThatComesIsDiscoveredAndServed() {
    try (RawSession discovery = discovery();
        RawSession beside = session()) {
      long[] before = discoveryLog(discovery.admin());
      assertThat(connectStatus(address(), OTHER.value())).isEqualTo(INVALID_PARAMETERS);
      discovery.admin().send(Capsules.asyncEvent(100));
      apply(withOther());
      assertThat(event(discovery.admin(), 100)).isEqualTo(DISCOVERY_EVENT);
      long[] after = discoveryLog(discovery.admin());
      assertThat(after[0]).as("GENCTR").isGreaterThan(before[0]);
      assertThat(after[1] - before[1]).as("NUMREC").isEqualTo(1);
      try (RawSession session = RawSession.open(address(), OTHER.value())) {
        RawHost queue = session.queue(1);
        assertOk(queue.run(write(1, 1, 0, pattern(1))));
        assertOk(beside.queue(1).run(write(1, Setup.NSID_4K, 0, pattern(2))));
      }
    }
  }

  @Covers({"log.discovery", "event"})
  @Test
  void referralsComeAndGo() {
    try (RawSession discovery = discovery()) {
      long[] before = discoveryLog(discovery.admin());
      discovery.admin().send(Capsules.asyncEvent(100));
      TargetSpec without = target.spec();
      List<TransportAddress> elsewhere =
          List.of(
              new TransportAddress("192.0.2.7", 8010), new TransportAddress("2001:db8::7", 8009));
      apply(without.withDiscovery(without.discovery().withReferrals(elsewhere)));
      assertThat(event(discovery.admin(), 100)).isEqualTo(DISCOVERY_EVENT);
      long[] after = discoveryLog(discovery.admin());
      assertThat(after[0]).as("GENCTR").isGreaterThan(before[0]);
      assertThat(after[1] - before[1]).as("NUMREC").isEqualTo(2);
      byte[] log =
          discovery.admin().run(Capsules.getLog(44, 0x70, 1024 * after[1] - 1024, 2048)).data();
      assertThat(log[0]).as("TRTYPE").isEqualTo((byte) 3);
      assertThat(log[1]).as("ADRFAM").isEqualTo((byte) 1);
      assertThat(log[2]).as("SUBTYPE").isEqualTo((byte) 1);
      assertThat(text(log, 32)).as("TRSVCID").isEqualTo("8010");
      assertThat(text(log, 256)).as("SUBNQN").isEqualTo(Capsules.DISCOVERY);
      assertThat(text(log, 512)).as("TRADDR").isEqualTo("192.0.2.7");
      assertThat(log[1025]).as("ADRFAM").isEqualTo((byte) 2);
      assertThat(text(log, 1024 + 512)).as("TRADDR").isEqualTo("2001:db8::7");
      discovery.admin().send(Capsules.asyncEvent(101));
      apply(without);
      assertThat(event(discovery.admin(), 101)).isEqualTo(DISCOVERY_EVENT);
      assertThat(discoveryLog(discovery.admin())[1]).isEqualTo(before[1]);
    }
  }

  /** Up to its NUL. */
  private static String text(byte[] page, int at) {
    int end = at;
    while (page[end] != 0) {
      end++;
    }
    return new String(page, at, end - at, StandardCharsets.US_ASCII);
  }

  @Covers("state")
  @Test
  void oneThatGoesEndsItsControllersAndNoOthers() {
    apply(withOther());
    try (RawSession session = RawSession.open(address(), OTHER.value());
        RawSession beside = session();
        RawSession discovery = discovery()) {
      RawHost queue = session.queue(1);
      RawHost kept = beside.queue(1);
      assertOk(queue.run(write(1, 1, 0, pattern(1))));
      discovery.admin().send(Capsules.asyncEvent(100));
      apply(target.spec().withSubsystems(List.of(first(target.spec()))));
      assertThat(queue.isAtEnd()).isTrue();
      assertThat(session.admin().isAtEnd()).isTrue();
      assertThat(event(discovery.admin(), 100)).isEqualTo(DISCOVERY_EVENT);
      assertThat(connectStatus(address(), OTHER.value())).isEqualTo(INVALID_PARAMETERS);
      assertOk(kept.run(write(2, Setup.NSID_4K, 0, pattern(1))));
    }
    // And again, with nothing of what it held.
    apply(withOther());
    try (RawSession session = RawSession.open(address(), OTHER.value())) {
      assertThat(session.queue(1).run(read(1, 1, 0, 1)).data()).containsOnly(0);
    }
  }

  @Covers("connect.host")
  @Test
  void aHostThatIsNoLongerAllowedGoesAlone() {
    SubsystemSpec open = first(target.spec());
    List<HostSpec> hosts = List.of(new HostSpec(HOST), new HostSpec(STRANGER));
    apply(target.spec().withHosts(hosts).withSubsystems(List.of(allowing(open, HOST, STRANGER))));
    byte[] identity = Capsules.connectData(0xFFFF, NQN.value(), STRANGER.value(), 9);
    try (RawSession session = session();
        RawSession stranger =
            RawSession.connect(address(), NQN.value(), Capsules.connect(0, identity), 0)) {
      RawHost queue = session.queue(1);
      apply(target.spec().withSubsystems(List.of(allowing(open, HOST))));
      assertThat(stranger.admin().isAtEnd()).isTrue();
      try (RawHost again = RawHost.connect(address()).initialise(0, 0)) {
        assertThat(again.run(Capsules.connect(0, identity)).code()).isEqualTo(INVALID_HOST);
      }
      assertOk(queue.run(write(1, Setup.NSID_4K, 0, pattern(1))));
    }
  }

  private static SubsystemSpec allowing(SubsystemSpec subsystem, Nqn... hosts) {
    return new SubsystemSpec(
        subsystem.nqn(),
        subsystem.serial(),
        subsystem.model(),
        false,
        List.of(hosts),
        subsystem.namespaces(),
        subsystem.policy());
  }

  @Covers("log.discovery")
  @Test
  void listenersComeAndGo() {
    List<ListenerSpec> more = new ArrayList<>(target.spec().listeners());
    more.add(new ListenerSpec(new io.mora.protocol.TransportAddress("127.0.0.2", 0), List.of()));
    try (RawSession beside = session()) {
      RawHost kept = beside.queue(1);
      apply(target.spec().withListeners(more));
      assertThat(target.listeners()).hasSize(2);
      InetSocketAddress added = target.listeners().get(1).address();
      try (RawSession session = RawSession.open(added, NQN.value())) {
        RawHost queue = session.queue(1);
        assertOk(queue.run(write(1, Setup.NSID_4K, 0, pattern(1))));
        apply(target.spec().withListeners(more.subList(0, 1)));
        assertThat(queue.isAtEnd()).isTrue();
        assertThat(session.admin().isAtEnd()).isTrue();
      }
      assertThat(target.listeners()).hasSize(1);
      assertOk(kept.run(read(2, Setup.NSID_4K, 0, 1)));
    }
  }

  /** Only connections to what it serves no more are closed. */
  @Covers({"connect.host", "log.discovery"})
  @Test
  void aListenerServesOthers() {
    apply(withOther());
    try (RawSession first = session();
        RawSession second = RawSession.open(address(), OTHER.value())) {
      RawHost kept = second.queue(1);
      ListenerSpec only = target.spec().listeners().get(0);
      apply(target.spec().withListeners(List.of(new ListenerSpec(only.address(), List.of(OTHER)))));
      assertThat(first.admin().isAtEnd()).isTrue();
      assertOk(kept.run(write(1, 1, 0, pattern(1))));
      assertThat(connectStatus(address(), NQN.value())).isEqualTo(INVALID_PARAMETERS);
    }
  }
}
