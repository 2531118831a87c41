package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.HOSTNQN;
import static io.mora.tests.kit.wire.Capsules.SGL_ADDRESS;
import static io.mora.tests.kit.wire.Capsules.SGL_LENGTH;
import static io.mora.tests.kit.wire.Capsules.SGL_TYPE;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sections 2.3 and 2.4: what may come before Connect, and what Connect is held to. */
@Covers("connect")
class ConnectTest extends Conformance {
  private static final int INVALID = 0x182;
  private static final int IATTR = 1 << 16;
  private static final int RECFMT = SQE + 40;
  private static final int SQSIZE = SQE + 44;
  private static final int CATTR = SQE + 46;

  private static Arguments bad(String name, int code, int dw0, Frame connect) {
    return Arguments.of(Named.of(name, connect), code, dw0);
  }

  private static Frame admin() {
    return Capsules.connect(0, 0xFFFF, NQN);
  }

  private static Frame with(int offset, byte[] bytes) {
    byte[] data = Capsules.connectData(0xFFFF, NQN, HOSTNQN);
    System.arraycopy(bytes, 0, data, offset, bytes.length);
    return Capsules.connect(0, data);
  }

  private static byte[] full(int value) {
    byte[] name = new byte[256];
    Arrays.fill(name, (byte) value);
    return name;
  }

  static Stream<Arguments> badAdminConnects() {
    byte[] ones = new byte[16];
    Arrays.fill(ones, (byte) 0xFF);
    byte[] data = Capsules.connectData(0xFFFF, NQN, HOSTNQN);
    Frame shorter = Capsules.connect(0, Arrays.copyOf(data, 1020));
    Frame longer = Capsules.connect(0, Arrays.copyOf(data, 1028));
    return Stream.of(
        bad("RECFMT 1", 0x180, 0, admin().put(RECFMT, 2, 1)),
        bad("1020 bytes", 0x00F, 0, shorter),
        bad("1028 bytes", 0x00F, 0, longer),
        bad("SGL of 512 bytes", 0x00F, 0, admin().put(SGL_LENGTH, 4, 512)),
        bad("SGL type transport", 0x011, 0, admin().put(SGL_TYPE, 1, 0x5A)),
        bad("SGL type keyed", 0x011, 0, admin().put(SGL_TYPE, 1, 0x40)),
        bad("SGL offset", 0x016, 0, admin().put(SGL_ADDRESS, 8, 64)),
        bad("no data", 0x00F, 0, Capsules.command(0x7F, 0, 1).put(SGL_TYPE, 1, 1)),
        bad("PSDT 00b", 0x002, 0, admin().put(SQE + 1, 1, 0)),
        bad("fused", 0x002, 0, admin().put(SQE + 1, 1, 0x41)),
        bad("SQSIZE 0", INVALID, 44, admin().put(SQSIZE, 2, 0)),
        bad("SQSIZE above MQES", INVALID, 44, admin().put(SQSIZE, 2, 128)),
        bad("SQSIZE FFFFh", INVALID, 44, admin().put(SQSIZE, 2, 0xFFFF)),
        bad("SUBNQN unknown", INVALID, 256 | IATTR, with(256, new byte[] {'x'})),
        bad("SUBNQN not terminated", INVALID, 256 | IATTR, with(256, full('n'))),
        bad("SUBNQN empty", INVALID, 256 | IATTR, with(256, new byte[256])),
        bad("HOSTNQN empty", INVALID, 512 | IATTR, with(512, new byte[256])),
        bad("HOSTNQN not terminated", INVALID, 512 | IATTR, with(512, full('n'))),
        bad("HOSTID zero", INVALID, IATTR, with(0, new byte[16])),
        bad("HOSTID of ones", INVALID, IATTR, with(0, ones)),
        bad("CNTLID 1 on admin", INVALID, 16 | IATTR, with(16, new byte[] {1, 0})));
  }

  @Covers("tcp.sgl")
  @ParameterizedTest
  @MethodSource("badAdminConnects")
  void refusesABadConnectAndWaitsForABetter(Frame connect, int code, int dw0) {
    try (RawHost host = initialised()) {
      Outcome outcome = host.run(connect);
      assertRefused(outcome, code, true);
      assertThat(outcome.dw0()).as("IPO and IATTR").isEqualTo(dw0);
      assertOk(host.run(admin()));
    }
  }

  static Stream<Arguments> badIoConnects() {
    byte[] zeroHost = Capsules.connectData(0, NQN, HOSTNQN);
    Arrays.fill(zeroHost, 0, 16, (byte) 9);
    byte[] otherName = Capsules.connectData(0, NQN, HOSTNQN + "-2");
    byte[] same = Capsules.connectData(0, NQN, HOSTNQN);
    return Stream.of(
        bad("QID above granted", INVALID, 42, Capsules.connect(5, same)),
        bad("QID FFFFh", INVALID, 42, Capsules.connect(0xFFFF, same)),
        bad("another HOSTID", INVALID, IATTR, Capsules.connect(1, zeroHost)),
        bad("another HOSTNQN", INVALID, 512 | IATTR, Capsules.connect(1, otherName)),
        bad("SQSIZE 0", INVALID, 44, Capsules.connect(1, same).put(SQSIZE, 2, 0)));
  }

  @ParameterizedTest
  @MethodSource("badIoConnects")
  void refusesABadIoConnectAndWaitsForABetter(Frame connect, int code, int dw0) {
    try (RawSession session = session()) {
      RawHost host = session.initialised(0, 0);
      byte[] bytes = host.encode(connect);
      bytes[72 + 16] = (byte) session.cntlid();
      bytes[72 + 17] = (byte) (session.cntlid() >>> 8);
      host.sendBytes(bytes);
      Outcome outcome = host.outcome(0);
      assertRefused(outcome, code, true);
      assertThat(outcome.dw0()).as("IPO and IATTR").isEqualTo(dw0);
      assertOk(host.run(Capsules.connect(1, session.cntlid(), NQN)));
    }
  }

  @Test
  void refusesAnUnknownController() {
    try (RawSession session = session()) {
      int[] unknown = {session.cntlid() + 1, 0, 0xFFFF};
      for (int cntlid : unknown) {
        RawHost host = session.initialised(0, 0);
        Outcome outcome = host.run(Capsules.connect(1, cntlid, NQN));
        assertRefused(outcome, INVALID, true);
        assertThat(outcome.dw0()).isEqualTo(16 | IATTR);
      }
    }
  }

  @Test
  void aQueueExistsOnce() {
    try (RawSession session = session()) {
      RawHost first = session.queue(1);
      RawHost second = session.initialised(0, 0);
      assertThat(second.run(Capsules.connect(1, session.cntlid(), NQN)).code()).isEqualTo(0x00C);
      assertOk(first.run(read(1, 1, 0, 1, 4096)));
      first.close();
      Outcome again = second.run(Capsules.connect(1, session.cntlid(), NQN));
      while (again.code() == 0x00C) {
        again = second.run(Capsules.connect(1, session.cntlid(), NQN));
      }
      assertOk(again);
    }
  }

  @Test
  void noIoQueueBeforeTheControllerIsReady() {
    Frame connect = admin();
    try (RawSession session = RawSession.connect(address(), NQN, connect, 0)) {
      RawHost host = session.initialised(0, 0);
      assertThat(host.run(Capsules.connect(1, session.cntlid(), NQN)).code()).isEqualTo(0x00C);
      session.enable();
      assertOk(host.run(Capsules.connect(1, session.cntlid(), NQN)));
    }
  }

  @Test
  void noIoQueueOnADiscoveryController() {
    try (RawSession session = RawSession.open(address(), Capsules.DISCOVERY)) {
      RawHost host = session.initialised(0, 0);
      Outcome outcome = host.run(Capsules.connect(1, session.cntlid(), Capsules.DISCOVERY));
      assertRefused(outcome, INVALID, true);
      assertThat(outcome.dw0()).isEqualTo(42);
    }
  }

  @Test
  void acceptsAKatoOnAnIoQueue() {
    try (RawSession session = session()) {
      Frame connect = Capsules.connect(1, session.cntlid(), NQN).put(SQE + 48, 4, 1000);
      assertOk(session.queue(connect, 0, 0).run(read(1, 1, 0, 1, 4096)));
    }
  }

  @Test
  void everythingElseBeforeConnectIsASequenceError() {
    try (RawHost host = initialised()) {
      Frame[] early = {
        Capsules.propertyGet(1, 0, 8),
        Capsules.identify(2, 1, 0),
        Capsules.command(0x7F, 3, 0x08),
        writeInCapsule(4, 1, 0, 1, new byte[4096])
      };
      for (Frame frame : early) {
        assertThat(host.run(frame).code()).as("CID %s", frame.cid()).isEqualTo(0x00C);
      }
      assertOk(host.run(admin()));
    }
  }

  @Test
  void aSecondConnectIsASequenceError() {
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      Frame again = Capsules.connect(1, session.cntlid(), NQN).put(SQE + 2, 2, 7);
      assertRefused(queue.run(again), 0x00C, true);
      assertRefused(session.admin().run(admin().put(SQE + 2, 2, 7)), 0x00C, true);
      assertOk(queue.run(read(1, 1, 0, 1, 4096)));
    }
  }

  @Covers("auth")
  @Test
  void unknownFabricsCommandsAreInvalidOpcodes() {
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      for (int fctype : new int[] {0x02, 0x03, 0x05, 0x06, 0x40, 0xC0, 0xFF}) {
        assertRefused(session.admin().run(Capsules.command(0x7F, 1, fctype)), 0x001, true);
        assertRefused(queue.run(Capsules.command(0x7F, 1, fctype)), 0x001, true);
      }
      assertRefused(session.admin().run(Capsules.command(0x7F, 1, 0x08)), 0x185, true);
    }
  }

  @Covers("tcp.flow")
  @Test
  void repliesWithCntlidAndSqhd() {
    try (RawHost host = initialised();
        RawHost other = initialised()) {
      host.send(admin());
      Received reply = host.receive(0);
      assertThat(reply.u32(8)).as("CNTLID, no ATR, no ASCR").isBetween(1, 0xFFEF);
      assertThat(reply.sqhd()).isEqualTo(1);
      other.send(admin().put(CATTR, 1, 4));
      Received noFlow = other.receive(0);
      assertThat(noFlow.sqhd()).as("SQHD with flow control disabled").isEqualTo(0xFFFF);
      assertThat(noFlow.u16(8)).as("CNTLIDs differ").isNotEqualTo(reply.u16(8));
    }
  }

  @Covers("tcp.flow")
  @Test
  void sqhdCountsModuloTheQueue() {
    try (RawHost host = initialised()) {
      assertOk(host.run(admin().put(SQSIZE, 2, 3)));
      for (int i = 2; i < 12; i++) {
        host.send(Capsules.propertyGet(i, 0, 8));
        assertThat(host.receive(i).sqhd()).isEqualTo(i % 4);
      }
    }
  }

  @Covers("bound.reset")
  @Test
  void aHostThatLeavesDuringConnectLeavesNothing() {
    for (int i = 0; i < 20; i++) {
      try (RawHost host = initialised()) {
        host.send(admin());
      }
    }
    try (RawSession session = session()) {
      for (int i = 0; i < 20; i++) {
        RawHost host = session.initialised(0, 0);
        host.send(Capsules.connect(1 + i % 4, session.cntlid(), NQN));
        host.close();
      }
      session.set(RawSession.DISABLE);
      session.awaitStatus(1, 0);
    }
  }

  /** The Connect reply comes before that of what was sent behind it, wherever the queue lives. */
  @Test
  void servesWhatWasSentBehindConnect() {
    try (RawSession session = session()) {
      for (int qid = 1; qid <= 4; qid++) {
        RawHost host = session.initialised(0, 0);
        Frame connect = Capsules.connect(qid, session.cntlid(), NQN);
        host.sendTogether(connect, read(1, 1, 0, 1, 4096), read(2, 2, 0, 1, 512));
        Received reply = host.receive();
        assertThat(reply.type()).isEqualTo(Received.CAPSULE_RESP);
        assertThat(reply.cid()).isZero();
        assertThat(reply.code()).isZero();
        assertOk(host.outcome(1));
        assertOk(host.outcome(2));
      }
    }
  }
}
