package io.mora.tests.system.tls;

import static io.mora.tests.system.tls.TlsRig.HOST;
import static io.mora.tests.system.tls.TlsRig.LONG_PSK;
import static io.mora.tests.system.tls.TlsRig.NEIGHBOUR;
import static io.mora.tests.system.tls.TlsRig.PSK;
import static io.mora.tests.system.tls.TlsRig.host;
import static io.mora.tests.system.tls.TlsRig.readsAndWrites;
import static io.mora.tests.system.tls.TlsRig.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.auth.TlsOptions;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a target makes of peers that hold back, lie, or spoil what they send. */
@Covers("tcp.tls")
class TlsAbuseTest {
  private static final int INVALID_PARAMETERS = 0x182;
  private static final int IATTR = 1 << 16;

  @RegisterExtension final Evidence evidence = new Evidence();

  static Stream<TransportKind> kinds() {
    return TlsRig.kinds();
  }

  private static TargetSpec within(TargetSpec spec, Duration handshake) {
    LimitsSpec limits = spec.limits();
    return spec.withLimits(
        new LimitsSpec(
            64,
            limits.ioQueuesPerController(),
            limits.queueDepth(),
            handshake,
            limits.shutdownTimeout(),
            limits.transfer()));
  }

  private TargetFixture target(TransportKind kind, TlsPolicy policy) {
    TlsRig rig = new TlsRig(evidence, kind);
    TargetSpec spec = rig.spec(policy, host(HOST, PSK), host(NEIGHBOUR, LONG_PSK));
    return evidence.closing(TargetFixture.start(within(spec, Duration.ofSeconds(1))));
  }

  private void servesStill(TransportKind kind, TargetFixture target) {
    Association association =
        Waiting.get(
            new TlsRig(evidence, kind)
                .initiator(NEIGHBOUR, TlsOptions.of(LONG_PSK)) // HOST may have to wait
                .connect(to(target).build()));
    readsAndWrites(association, 1);
    Waiting.get(association.disconnect());
    target.awaitNothingLent();
  }

  private static void isCut(int port, byte[] first) {
    try (Socket socket = RawTls.socket(port)) {
      socket.getOutputStream().write(first);
      assertThat(RawTls.ends(socket)).isTrue();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whoHoldsBackOrTalksOtherwiseIsCut(TransportKind kind) {
    for (TlsPolicy policy : new TlsPolicy[] {TlsPolicy.REQUIRED, TlsPolicy.ALLOWED}) {
      TargetFixture target = target(kind, policy);
      byte[] hello = TlsHandshake.client(TlsKey.of(PSK, 1, HOST, Served.SUBSYSTEM)).output();
      isCut(target.port(), new byte[0]);
      isCut(target.port(), Arrays.copyOf(hello, 1));
      isCut(target.port(), Arrays.copyOf(hello, hello.length - 1));
      isCut(target.port(), hello); // and never finishes
      isCut(target.port(), new byte[] {0x16, 3, 1, (byte) 0xFF, (byte) 0xFF});
      isCut(target.port(), new byte[] {0x16, 3, 1, 0, 0, 0x16, 3, 1, 0, 0});
      isCut(target.port(), "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] endless = new byte[TlsHandshake.BYTES_MAX + 20_000];
      for (int at = 0; at < endless.length - 5; at += 16_005) {
        System.arraycopy(new byte[] {0x16, 3, 3, 0x3E, (byte) 0x80, 1, 0x7F}, 0, endless, at, 5);
      }
      isCut(target.port(), endless);
      Random random = new Random(5);
      for (int i = 0; i < 10; i++) {
        byte[] spoilt = hello.clone();
        spoilt[5 + random.nextInt(hello.length - 5)] ^= (byte) (1 + random.nextInt(255));
        isCut(target.port(), spoilt);
      }
      if (policy == TlsPolicy.REQUIRED) {
        isCut(target.port(), Capsules.icReq(0, 0).encode(false, false));
      }
      servesStill(kind, target);
      assertThat(target.target().connections()).isLessThan(8);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aSpoiltRecordEndsItsConnectionAlone(TransportKind kind) {
    TargetFixture target = target(kind, TlsPolicy.REQUIRED);
    byte[] icReq = Capsules.icReq(0, 0).encode(false, false);
    byte[][] spoilt = {
      {23, 3, 3, 0x41, 1}, // 16,641 bytes
      {23, 3, 3, 0, 5, 1, 2, 3, 4, 5}, // no room for a tag
      {21, 3, 3, 0, 2, 1, 0}, // a close in the clear
      {22, 3, 3, 0, 4, 0, 0, 0, 0},
      {0, 0, (byte) 128, 0, (byte) 128, 0, 0, 0}, // plain NVMe/TCP
    };
    for (byte[] bytes : spoilt) {
      try (RawTls tls = RawTls.connect(target.port(), PSK, HOST)) {
        tls.send(icReq);
        assertThat(tls.receive()).hasSize(128);
        tls.sendBytes(bytes);
        assertThat(RawTls.ends(tls.socket())).isTrue();
      }
    }
    try (RawTls tls = RawTls.connect(target.port(), PSK, HOST)) {
      byte[] record = tls.sealed(icReq);
      record[17] ^= 1;
      tls.sendBytes(record);
      assertThat(RawTls.ends(tls.socket())).isTrue();
    }
    try (RawTls tls = RawTls.connect(target.port(), PSK, HOST)) {
      byte[] record = tls.sealed(icReq);
      tls.sendBytes(record);
      assertThat(tls.receive()).hasSize(128);
      tls.sendBytes(record); // once more
      assertThat(RawTls.ends(tls.socket())).isTrue();
    }
    servesStill(kind, target);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void recordsComeInAnyCut(TransportKind kind) {
    TargetFixture target = target(kind, TlsPolicy.REQUIRED);
    byte[] icReq = Capsules.icReq(0, 0).encode(false, false);
    try (RawTls tls = RawTls.connect(target.port(), PSK, HOST)) {
      // A byte a record, a key for each few, an empty record, and the stream in pieces of 7.
      for (int i = 0; i < icReq.length; i++) {
        if (i % 16 == 0) {
          tls.sendBytes(tls.keyUpdate());
          tls.sendBytes(tls.sealed(new byte[0]));
        }
        byte[] record = tls.sealed(new byte[] {icReq[i]});
        for (int at = 0; at < record.length; at += 7) {
          tls.sendBytes(Arrays.copyOfRange(record, at, Math.min(record.length, at + 7)));
        }
      }
      assertThat(tls.receive()).hasSize(128);
      tls.sendBytes(tls.closeNotify());
      assertThat(tls.receive()).isEmpty();
    }
    try (RawTls tls = RawTls.connect(target.port(), PSK, HOST)) {
      byte[] record = tls.sealed(icReq);
      tls.sendBytes(Arrays.copyOf(record, 40)); // and hangs up
    }
    servesStill(kind, target);
  }

  private static void takesThoseWithIt(TargetFixture target, TargetSpec change) throws IOException {
    byte[] hello = TlsHandshake.client(TlsKey.of(PSK, 1, HOST, Served.SUBSYSTEM)).output();
    try (Socket silent = RawTls.socket(target.port());
        Socket slow = RawTls.socket(target.port())) {
      slow.getOutputStream().write(hello, 0, hello.length - 1);
      Waiting.until("both are accepted", () -> target.target().connections() == 2);
      assertThat(target.target().apply(change).problems()).isEmpty();
      assertThat(RawTls.ends(silent)).isTrue();
      assertThat(RawTls.ends(slow)).isTrue();
    }
    Waiting.until("both are gone", () -> target.target().connections() == 0);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aListenerThatChangesOrGoesTakesThoseWithItThatHoldBack(TransportKind kind)
      throws IOException {
    TlsRig rig = new TlsRig(evidence, kind);
    TargetSpec spec = within(rig.spec(TlsPolicy.ALLOWED, host(HOST, PSK)), Duration.ofSeconds(60));
    ListenerSpec first = spec.listeners().get(0);
    ListenerSpec stays =
        new ListenerSpec(new TransportAddress("127.0.0.2", 0), List.of()).withTls(first.tls());
    spec = spec.withListeners(List.of(first, stays));
    TargetFixture target = evidence.closing(TargetFixture.start(spec));
    takesThoseWithIt(target, spec.withListeners(List.of(first.withTls(TlsPolicy.REQUIRED), stays)));
    takesThoseWithIt(target, spec.withListeners(List.of(stays)));
  }

  private static Outcome connect(int port, byte[] data, int qid) {
    try (RawHost host =
        RawHost.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      host.initialise(0, 0);
      return host.run(Capsules.connect(qid, data));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aHostIsWhoItsKeySaysAndNobodyElse(TransportKind kind) {
    TargetFixture target = target(kind, TlsPolicy.REQUIRED);
    String subsystem = Served.SUBSYSTEM.value();
    String[][] said = {
      {HOST.value(), subsystem, "0"},
      {NEIGHBOUR.value(), subsystem, String.valueOf(512 | IATTR)},
      {HOST.value(), Nqn.DISCOVERY.value(), String.valueOf(256 | IATTR)},
    };
    for (String[] each : said) {
      try (RawTls tls = RawTls.connect(target.port(), PSK, HOST)) {
        byte[] data = Capsules.connectData(0xFFFF, each[1], each[0]);
        Outcome outcome = connect(tls.asPort(), data, 0);
        int offset = Integer.parseInt(each[2]);
        assertThat(outcome.code()).as(each[0]).isEqualTo(offset == 0 ? 0 : INVALID_PARAMETERS);
        if (offset != 0) {
          assertThat(outcome.dw0()).isEqualTo(offset);
          assertThat(outcome.doNotRetry()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void nobodyGetsBesideATlsConnectionInPlain(TransportKind kind) {
    TargetFixture target = target(kind, TlsPolicy.ALLOWED);
    byte[] admin = Capsules.connectData(0xFFFF, Served.SUBSYSTEM.value(), HOST.value());
    try (RawTls tls = RawTls.connect(target.port(), PSK, HOST);
        RawHost host =
            RawHost.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), tls.asPort()))) {
      host.initialise(0, 0);
      Outcome connected = host.run(Capsules.connect(0, admin));
      assertThat(connected.code()).isZero();
      host.run(Capsules.propertySet(host.cid(), 0x14, 0x460001));
      host.run(Capsules.setFeature(host.cid(), 7, 0x10001));
      int cntlid = connected.dw0() & 0xFFFF;
      byte[] io = Capsules.connectData(cntlid, Served.SUBSYSTEM.value(), HOST.value());
      Outcome plain = connect(target.port(), io, 1);
      assertThat(plain.code()).isEqualTo(INVALID_PARAMETERS);
      assertThat(plain.dw0()).isEqualTo(512 | IATTR);
      try (RawTls queue = RawTls.connect(target.port(), PSK, HOST)) {
        assertThat(connect(queue.asPort(), io, 1).code()).isZero();
      }
    }
  }
}
