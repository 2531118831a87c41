package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.HOSTNQN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.TransferSpec;
import io.mora.target.MoraTarget;
import io.mora.target.shard.AlignedBufferPool;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the configuration bounds, at both ends of each range; who may connect to what. */
class LimitsTest {
  private static final Nqn OPEN = new Nqn("nqn.2026-01.io.mora:open");
  private static final Nqn CLOSED = new Nqn("nqn.2026-01.io.mora:closed");

  private static SubsystemSpec subsystem(Nqn nqn, List<Nqn> allowed) {
    NamespaceSpec namespace = NamespaceSpec.of(nqn, 1, 4096, new BackendSpec.Memory(16 << 20));
    return new SubsystemSpec(
        nqn,
        SubsystemSpec.defaultSerial(nqn),
        SubsystemSpec.MODEL_DEFAULT,
        allowed.isEmpty(),
        allowed,
        List.of(namespace));
  }

  private static TargetSpec spec(TransferSpec transfer, int queueDepth) {
    LimitsSpec limits =
        new LimitsSpec(
            1200, 2, queueDepth, Duration.ofSeconds(10), Duration.ofSeconds(5), transfer);
    return TargetSpec.of(
            List.of(ListenerSpec.of("127.0.0.1", 0)), List.of(subsystem(OPEN, List.of())))
        .withShards(ShardSpec.DEFAULT.withPin(false).withCount(1))
        .withLimits(limits);
  }

  @Covers({"tcp.capsule", "tcp.r2t", "identify.controller"})
  @ParameterizedTest
  @CsvSource({
    "0, 65536, 4096",
    "16, 65536, 4194304",
    "65536, 65536, 4096",
    "1048576, 1048576, 262144",
    "16384, 2097152, 4194304"
  })
  void transfersUpToTheLimit(int inCapsule, int command, int h2cData) throws IOException {
    TargetSpec spec = spec(new TransferSpec(inCapsule, command, h2cData), 32);
    try (MoraTarget target = MoraTarget.start(spec);
        RawSession session = RawSession.open(target.listeners().get(0).address(), OPEN.value())) {
      ByteBuffer id =
          ByteBuffer.wrap(session.admin().run(Capsules.identify(1, 1, 0)).data())
              .order(ByteOrder.LITTLE_ENDIAN);
      assertThat(4096 << id.get(77)).as("MDTS").isEqualTo(command);
      assertThat(id.getInt(1792) * 16 - 64).as("IOCCSZ").isEqualTo(inCapsule);
      RawHost host =
          session.queue(
              Capsules.connect(1, session.cntlid(), OPEN.value()).put(Capsules.SQE + 44, 2, 31),
              0,
              0);
      byte[] data = Conformance.pattern(command, 5);
      int blocks = command / 4096;
      Conformance.assertOk(host.write(Conformance.write(1, 1, 0, blocks, command), data));
      assertThat(host.run(Conformance.read(2, 1, 0, blocks, command)).data()).isEqualTo(data);
      if (inCapsule >= 4096) {
        byte[] most = Conformance.pattern(inCapsule, 9);
        int n = inCapsule / 4096;
        Conformance.assertOk(host.run(Conformance.writeInCapsule(3, 1, 0, n, most)));
        assertThat(host.run(Conformance.read(4, 1, 0, n, inCapsule)).data()).isEqualTo(most);
      } else {
        byte[] block = new byte[4096];
        Outcome refused = host.run(Conformance.writeInCapsule(5, 1, 0, 1, block));
        Conformance.assertRefused(refused, 0x016, true);
      }
    }
  }

  /** A command's data must fit one buffer. */
  @Covers("identify.controller")
  @Test
  void theLargestTransferIsTheLargestBuffer() {
    assertThat(TransferSpec.COMMAND_BYTES.max())
        .isEqualTo(
            new AlignedBufferPool(AlignedBufferPool.MIN_LIMIT_BYTES, () -> {}).maxCapacityBytes());
  }

  /** One more is closed before a byte of it is read; when one has ended, another may come. */
  @Covers("bound.arrivals")
  @Test
  void oneAddressHasSoManyConnections() throws IOException {
    TargetSpec spec = spec(TransferSpec.DEFAULT, 128);
    LimitsSpec limits = spec.limits().withArrivals(16, 0, new LimitsSpec.PerAddress(2, 0));
    try (MoraTarget target = MoraTarget.start(spec.withLimits(limits))) {
      var at = target.listeners().get(0).address();
      try (RawHost one = RawHost.connect(at).initialise(0, 0);
          RawHost other = RawHost.connect(at).initialise(0, 0);
          RawHost third = RawHost.connect(at)) {
        assertThat(third.isAtEnd()).isTrue();
        assertThat(one.icResp()).isNotNull();
        assertThat(other.icResp()).isNotNull();
      }
      Waiting.until("they are gone", () -> target.connections() == 0);
      RawHost.connect(at).initialise(0, 0).close();
    }
  }

  /** Who comes and goes without end is closed at some time, though none is open. */
  @Covers("bound.arrivals")
  @Test
  void oneAddressComesSoManyTimesASecond() throws IOException {
    TargetSpec spec = spec(TransferSpec.DEFAULT, 128);
    assertThat(spec.limits().connectsPerSecond()).as("as by default").isPositive();
    LimitsSpec limits = spec.limits().withArrivals(16, 0, new LimitsSpec.PerAddress(2, 1));
    try (MoraTarget target = MoraTarget.start(spec.withLimits(limits))) {
      var at = target.listeners().get(0).address();
      for (int visit = 0; visit < 2; visit++) {
        RawHost.connect(at).initialise(0, 0).close();
        Waiting.until("it is gone", () -> target.connections() == 0);
      }
      // The third, unless the machine was slower than one a second.
      boolean refused = false;
      for (int visit = 0; visit < 100 && !refused; visit++) {
        refused = isRefused(at);
        Waiting.until("it is gone", () -> target.connections() == 0);
      }
      assertThat(refused).isTrue();
    }
  }

  /** Whether the target closes a connection without an answer to its ICReq. */
  private static boolean isRefused(InetSocketAddress at) throws IOException {
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Waiting.LIMIT_SECONDS));
      try {
        socket.getOutputStream().write(Capsules.icReq(0, 0).encode(false, false));
        return socket.getInputStream().read() < 0;
      } catch (SocketException e) {
        return true;
      }
    }
  }

  /** 2.4: a host that is not allowed, a subsystem that is not on the port. */
  @Covers({"connect.host", "log.discovery"})
  @Test
  void accessByHostAndByPort() throws IOException {
    Nqn friend = new Nqn(HOSTNQN + "-friend");
    TargetSpec spec =
        spec(TransferSpec.DEFAULT, 128)
            .withHosts(List.of(new HostSpec(friend)))
            .withSubsystems(List.of(subsystem(OPEN, List.of()), subsystem(CLOSED, List.of(friend))))
            .withListeners(
                List.of(
                    ListenerSpec.of("127.0.0.1", 0),
                    new ListenerSpec(ListenerSpec.of("127.0.0.1", 0).address(), List.of(CLOSED))))
            .withDiscovery(new DiscoverySpec(List.of(ListenerSpec.of("127.0.0.1", 0).address())));
    try (MoraTarget target = MoraTarget.start(spec)) {
      InetSocketAddress discovery = target.listeners().get(0).address();
      InetSocketAddress all = target.listeners().get(1).address();
      InetSocketAddress closedOnly = target.listeners().get(2).address();
      Outcome stranger = connect(all, CLOSED, HOSTNQN);
      Conformance.assertRefused(stranger, 0x184, true);
      assertThat(stranger.dw0()).isEqualTo(512 | 1 << 16);
      Conformance.assertOk(connect(all, CLOSED, friend.value()));
      Conformance.assertOk(connect(all, OPEN, HOSTNQN));
      Conformance.assertOk(connect(closedOnly, CLOSED, friend.value()));
      Outcome notHere = connect(closedOnly, OPEN, HOSTNQN);
      Conformance.assertRefused(notHere, 0x182, true);
      assertThat(notHere.dw0()).isEqualTo(256 | 1 << 16);
      Conformance.assertRefused(connect(discovery, OPEN, HOSTNQN), 0x182, true);
      Conformance.assertOk(connect(discovery, Nqn.DISCOVERY, HOSTNQN));
      assertThat(records(discovery, HOSTNQN))
          .as("OPEN on one port, discovery on its own")
          .isEqualTo(2);
      assertThat(records(discovery, friend.value())).as("CLOSED on two more").isEqualTo(4);
    }
  }

  private static Outcome connect(InetSocketAddress address, Nqn subNqn, String hostNqn) {
    try (RawHost host = RawHost.connect(address).initialise(0, 0)) {
      return host.run(Capsules.connect(0, Capsules.connectData(0xFFFF, subNqn.value(), hostNqn)));
    }
  }

  private static long records(InetSocketAddress address, String hostNqn) {
    byte[] data = Capsules.connectData(0xFFFF, Capsules.DISCOVERY, hostNqn);
    try (RawSession session =
        RawSession.connect(address, Capsules.DISCOVERY, Capsules.connect(0, data), 0)) {
      session.enable();
      byte[] log = session.admin().run(Capsules.getLog(1, 0x70, 0, 1024)).data();
      return ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    }
  }

  /** 2.4: out of controllers is a refusal that ends. */
  @Covers("bound.controllers")
  @Test
  void outOfControllersIsBusy() throws IOException {
    List<RawHost> hosts = new ArrayList<>();
    try (MoraTarget target = MoraTarget.start(spec(TransferSpec.DEFAULT, 128))) {
      InetSocketAddress address = target.listeners().get(0).address();
      Outcome outcome = another(hosts, address);
      while (outcome.code() == 0) {
        assertThat(hosts).hasSizeLessThan(1100);
        outcome = another(hosts, address);
      }
      Conformance.assertRefused(outcome, 0x181, false);
      assertThat(hosts).hasSize(1024 + 1);
      hosts.remove(0).close();
      RawHost last = hosts.get(hosts.size() - 1);
      while (outcome.code() == 0x181) {
        outcome = last.run(Capsules.connect(0, 0xFFFF, OPEN.value()));
      }
      Conformance.assertOk(outcome);
    } finally {
      hosts.forEach(RawHost::close);
    }
  }

  private static Outcome another(List<RawHost> hosts, InetSocketAddress address) {
    RawHost host = RawHost.connect(address).initialise(0, 0);
    hosts.add(host);
    return host.run(Capsules.connect(0, 0xFFFF, OPEN.value()));
  }
}
