package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.CDW12;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 3.9: reservations, by two hosts of which each has its own identifier. */
@Covers("resv")
class ReservationTest extends Conformance {
  private static final int CONFLICT = 0x083;
  private static final int BLOCK = 4096;
  private static final long KEY_A = 0xAAAA_0000_0000_0001L;
  private static final long KEY_B = 0x0BBB_0000_0000_0002L;

  private static final int REGISTER = 0x0D;
  private static final int REPORT = 0x0E;
  private static final int ACQUIRE = 0x11;
  private static final int RELEASE = 0x15;

  @SuppressWarnings("NullAway.Init") // by JUnit
  private RawSession sessionA;

  @SuppressWarnings("NullAway.Init") // by JUnit
  private RawSession sessionB;

  @SuppressWarnings("NullAway.Init") // by JUnit
  private RawHost a;

  @SuppressWarnings("NullAway.Init") // by JUnit
  private RawHost b;

  @BeforeEach
  void connect() {
    sessionA = session();
    a = sessionA.queue(1);
    sessionB = RawSession.connect(address(), NQN, Capsules.connect(0, identity(0xFFFF)), 0);
    sessionB.enable();
    b = sessionB.queue(Capsules.connect(1, identity(sessionB.cntlid())), 0, 0);
  }

  @AfterEach
  void leaveNothing() {
    // Whoever holds what: A takes part and ends it.
    try {
      a.run(register(90, 1, 8, 0, 0));
      a.run(register(91, 0, 0, 0, KEY_A));
      assertOk(a.run(release(92, 1, 0, KEY_A)));
    } finally {
      sessionA.close();
      sessionB.close();
    }
  }

  private static byte[] identity(int cntlid) {
    return Capsules.connectData(cntlid, NQN, "nqn.2026-01.io.mora:second-host", 9);
  }

  private static Frame register(int cid, int action, int flags, long current, long fresh) {
    return Capsules.reservation(REGISTER, cid, 1, action | flags, current, fresh);
  }

  private static Frame acquire(int cid, int action, int type, long current, long preempted) {
    return Capsules.reservation(ACQUIRE, cid, 1, action | type << 8, current, preempted);
  }

  private static Frame release(int cid, int action, int type, long current) {
    return Capsules.reservation(RELEASE, cid, 1, action | type << 8, current);
  }

  private static ByteBuffer report(RawHost host) {
    Frame ask = Capsules.transfer(REPORT, 80, 1, 192).put(CDW10, 4, 47).put(CDW11, 4, 1);
    Outcome outcome = host.run(ask);
    assertOk(outcome);
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void bothRegister() {
    assertOk(a.run(register(1, 0, 0, 0, KEY_A)));
    assertOk(b.run(register(1, 0, 0, 0, KEY_B)));
  }

  private static boolean reads(RawHost host) {
    return allowed(host.run(read(60, 1, 0, 1, BLOCK)));
  }

  private static boolean writes(RawHost host) {
    return allowed(host.run(writeInCapsule(61, 1, 0, 1, new byte[BLOCK])));
  }

  private static boolean allowed(Outcome outcome) {
    if (outcome.code() == 0) {
      return true;
    }
    assertRefused(outcome, CONFLICT, true);
    return false;
  }

  @Test
  void capabilitiesAreTold() {
    byte[] id = sessionA.admin().run(Capsules.identify(1, 0, 1)).data();
    assertThat(id[31] & 0xFF).as("RESCAP").isEqualTo(0xFE);
    byte[] controller = sessionA.admin().run(Capsules.identify(2, 1, 0)).data();
    assertThat(controller[520] & 0x20).as("ONCS").isNotZero();
  }

  @Test
  void registrationsAreByHostAndKey() {
    assertOk(a.run(register(1, 0, 0, 0, KEY_A)));
    assertOk(a.run(register(2, 0, 0, 0, KEY_A)));
    assertRefused(a.run(register(3, 0, 0, 0, KEY_B)), CONFLICT, true);
    assertRefused(a.run(register(4, 2, 0, KEY_B, KEY_B)), CONFLICT, true);
    assertRefused(b.run(register(5, 1, 8, 0, 0)), CONFLICT, true);
    assertOk(b.run(register(6, 0, 0, 0, KEY_B)));
    int generation = report(a).getInt(0);
    assertOk(a.run(register(7, 2, 0, KEY_A, KEY_B)));
    assertOk(a.run(register(8, 2, 8, 0, KEY_A)));
    ByteBuffer report = report(b);
    assertThat(report.getInt(0) - generation).as("GEN").isEqualTo(2);
    assertThat(report.get(4)).as("RTYPE").isZero();
    assertThat(report.getShort(5)).as("REGSTRNT").isEqualTo((short) 2);
    assertThat(report.get(9)).as("PTPLS").isZero();
    assertThat(report.getShort(64)).as("CNTLID").isEqualTo((short) -1);
    assertThat(report.get(66)).as("RCSTS").isZero();
    assertThat(report.getLong(72)).isEqualTo(KEY_A);
    assertThat(report.get(80)).as("HOSTID").isEqualTo((byte) 7);
    assertThat(report.getLong(136)).isEqualTo(KEY_B);
    assertThat(report.get(144)).isEqualTo((byte) 9);
    // The registration is the host's: it outlives the controller.
    sessionB.close();
    assertThat(report(a).getShort(5)).isEqualTo((short) 2);
  }

  /** Type, then: another registrant reads, writes; one that is not registered reads, writes. */
  @ParameterizedTest
  @CsvSource({
    "1, true, false, true, false",
    "2, false, false, false, false",
    "3, true, true, true, false",
    "4, true, true, false, false",
    "5, true, true, true, false",
    "6, true, true, false, false"
  })
  void whoMayDoWhat(int type, boolean reads, boolean writes, boolean strangerReads, boolean never) {
    bothRegister();
    assertOk(a.run(acquire(2, 0, type, KEY_A, 0)));
    assertThat(reads(a) && writes(a)).as("the holder").isTrue();
    assertThat(reads(b)).isEqualTo(reads);
    assertThat(writes(b)).isEqualTo(writes);
    assertThat(report(b).get(4)).isEqualTo((byte) type);
    assertThat(report(b).get(66)).as("A holds it").isEqualTo((byte) 1);
    assertThat(report(b).get(130)).as("B holds it").isEqualTo((byte) (type > 4 ? 1 : 0));
    assertOk(b.run(register(3, 1, 0, KEY_B, 0)));
    assertThat(reads(b)).isEqualTo(strangerReads);
    assertThat(writes(b)).isEqualTo(never);
    assertThat(allowed(b.run(Capsules.command(0x00, 4, 1)))).as("Flush").isEqualTo(never);
    Frame zeroes = Capsules.blocks(Capsules.command(0x08, 5, 1), 0, 1);
    assertThat(allowed(b.run(zeroes))).as("Write Zeroes").isEqualTo(never);
    Frame verify = Capsules.blocks(Capsules.command(0x0C, 6, 1), 0, 1);
    assertThat(allowed(b.run(verify))).as("Verify").isEqualTo(strangerReads);
    Frame copy = Capsules.inCapsule(0x19, 7, 1, new byte[32]).put(CDW10, 8, 5L).put(CDW12, 4, 0);
    assertThat(allowed(b.run(copy))).as("Copy").isEqualTo(never);
    assertOk(a.run(release(8, 0, type, KEY_A)));
    assertThat(reads(b) && writes(b)).as("afterwards").isTrue();
  }

  @Test
  void acquireAndReleaseNeedTheKeyAndTheType() {
    assertRefused(a.run(acquire(1, 0, 1, KEY_A, 0)), CONFLICT, true);
    bothRegister();
    assertRefused(a.run(acquire(2, 0, 1, KEY_B, 0)), CONFLICT, true);
    assertOk(a.run(acquire(3, 0, 1, KEY_A, 0)));
    assertOk(a.run(acquire(4, 0, 1, KEY_A, 0)));
    assertRefused(a.run(acquire(5, 0, 2, KEY_A, 0)), CONFLICT, true);
    assertRefused(b.run(acquire(6, 0, 1, KEY_B, 0)), CONFLICT, true);
    assertRefused(a.run(release(7, 0, 2, KEY_A)), 0x002, true);
    assertRefused(a.run(release(8, 0, 1, KEY_B)), CONFLICT, true);
    assertOk(b.run(release(9, 0, 1, KEY_B)));
    assertThat(report(b).get(4)).as("still held").isEqualTo((byte) 1);
    assertOk(a.run(register(10, 1, 0, KEY_A, 0)));
    assertThat(report(b).get(4)).as("the holder left").isZero();
  }

  @Covers("resv.ptpl")
  @Test
  void whatIsWrongIsRefused() {
    bothRegister();
    assertRefused(a.run(register(1, 3, 0, 0, 0)), 0x002, true);
    assertRefused(a.run(register(2, 2, 8, 0, KEY_A).put(CDW10 + 3, 1, 0xC0)), 0x002, true);
    assertRefused(a.run(acquire(3, 3, 1, KEY_A, 0)), 0x002, true);
    assertRefused(a.run(acquire(4, 8, 1, KEY_A, 0)), 0x002, true);
    assertRefused(a.run(acquire(5, 0, 0, KEY_A, 0)), 0x002, true);
    assertRefused(a.run(acquire(6, 0, 7, KEY_A, 0)), 0x002, true);
    assertRefused(a.run(release(7, 2, 1, KEY_A)), 0x002, true);
    assertRefused(a.run(release(8, 8, 1, KEY_A)), 0x002, true);
    Frame shorter = Capsules.transfer(REPORT, 9, 1, 64).put(CDW10, 4, 15);
    assertRefused(a.run(shorter), 0x018, true);
    Frame keyless = Capsules.inCapsule(REGISTER, 10, 1, new byte[8]);
    assertRefused(a.run(keyless), 0x00F, true);
    assertRefused(a.run(register(11, 0, 0, 0, 1).put(Capsules.SQE + 4, 4, 5)), 0x00B, true);
  }

  @Covers({"resv.preempt", "log.reservation", "event"})
  @Test
  void aReservationIsPreemptedAndItsHolderTold() {
    bothRegister();
    assertOk(a.run(acquire(2, 0, 1, KEY_A, 0)));
    sessionA.admin().send(Capsules.asyncEvent(50));
    assertRefused(b.run(acquire(3, 1, 1, KEY_B, 0x1234)), CONFLICT, true);
    assertRefused(b.run(acquire(4, 1, 1, KEY_B, 0)), 0x002, true);
    assertOk(b.run(acquire(5, 1, 2, KEY_B, KEY_A)));
    assertThat(reads(a)).isFalse();
    assertThat(writes(b)).isTrue();
    Received event = sessionA.admin().receive();
    assertThat(event.cid()).isEqualTo(50);
    assertThat(event.u32(8)).as("reservation log available").isEqualTo(0x00800006);
    ByteBuffer log = notification(sessionA.admin());
    assertThat(log.get(8)).as("registration preempted").isEqualTo((byte) 1);
    assertThat(log.getInt(12)).as("NSID").isEqualTo(1);
    assertThat(notification(sessionA.admin()).get(8)).as("nothing more").isZero();
    ByteBuffer report = report(b);
    assertThat(report.getShort(5)).isEqualTo((short) 1);
    assertThat(report.get(4)).isEqualTo((byte) 2);
  }

  private static ByteBuffer notification(RawHost admin) {
    Outcome outcome = admin.run(Capsules.getLog(51, 0x80, 0, 64));
    assertOk(outcome);
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A notice is a task of the shard that serves admin queues, posted before its cause is answered:
   * once that shard has answered, been asked again and answered again, it has run it.
   */
  private void noticesAreThere() {
    for (int i = 0; i < 3; i++) {
      assertOk(sessionB.admin().run(Capsules.identify(70 + i, 1, 0)));
    }
  }

  @Covers({"resv.preempt", "resv.ptpl", "feature.reservation", "log.reservation"})
  @Test
  void clearEndsEverythingAndMasksAreKept() {
    bothRegister();
    Frame mask = Capsules.setFeature(1, 0x82, 1 << 3).put(Capsules.SQE + 4, 4, 1);
    assertOk(sessionB.admin().run(mask));
    Frame get = Capsules.getFeature(2, 0x82).put(Capsules.SQE + 4, 4, 1);
    assertThat(sessionB.admin().run(get).dw0()).isEqualTo(1 << 3);
    assertOk(a.run(acquire(3, 0, 3, KEY_A, 0)));
    assertOk(a.run(release(4, 0, 3, KEY_A)));
    noticesAreThere();
    assertThat(notification(sessionB.admin()).get(8)).as("released").isEqualTo((byte) 2);
    assertOk(a.run(release(5, 1, 0, KEY_A)));
    assertThat(report(a).getShort(5)).isZero();
    noticesAreThere();
    assertThat(notification(sessionB.admin()).get(8)).as("masked").isZero();
    assertRefused(sessionB.admin().run(Capsules.setFeature(6, 0x82, 1)), 0x002, true);
    Frame unknown = Capsules.setFeature(7, 0x82, 2).put(Capsules.SQE + 4, 4, 5);
    assertRefused(sessionB.admin().run(unknown), 0x00B, true);
    Frame persist = Capsules.setFeature(8, 0x83, 1).put(Capsules.SQE + 4, 4, 1);
    assertRefused(sessionB.admin().run(persist), 0x002, true);
  }

  /** A host may be let in, asked for its data, and shut out before that comes. */
  @Test
  void dataThatComesTooLateIsNotWritten() {
    byte[] data = pattern(16 * BLOCK, 1);
    assertOk(b.run(Capsules.blocks(Capsules.command(0x08, 1, 1), 300, 16)));
    b.send(write(40, 1, 300, 16, data.length));
    Received r2t = b.receive();
    assertOk(a.run(register(2, 0, 0, 0, KEY_A)));
    assertOk(a.run(acquire(3, 0, 1, KEY_A, 0)));
    b.answer(r2t, data, data.length);
    assertRefused(b.outcome(40), CONFLICT, true);
    assertThat(a.run(read(4, 1, 300, 16, data.length)).data()).containsOnly(0);
  }

  /** As Linux sends Release: with as much data as the others have. */
  @Test
  void releaseMayBringMoreThanItsKey() {
    bothRegister();
    assertOk(a.run(acquire(2, 0, 1, KEY_A, 0)));
    assertOk(a.run(Capsules.reservation(RELEASE, 3, 1, 1 << 8, KEY_A, 0)));
    assertThat(report(a).get(4)).isZero();
  }

  /** What was promised to the preempting host: nothing of the other one is written any more. */
  @Covers("resv.preempt")
  @Test
  void preemptAndAbortEndsWhatIsUnderWay() {
    bothRegister();
    assertOk(a.run(acquire(2, 0, 1, KEY_A, 0)));
    byte[] data = pattern(16 * BLOCK, 1);
    byte[] zeroes = new byte[16 * BLOCK];
    assertOk(a.run(Capsules.blocks(Capsules.command(0x08, 3, 1), 200, 16)));
    a.send(write(40, 1, 200, 16, data.length));
    Received r2t = a.receive();
    assertThat(r2t.type()).isEqualTo(Received.R2T);
    assertOk(b.run(acquire(4, 2, 1, KEY_B, KEY_A)));
    a.answer(r2t, data, data.length);
    Outcome aborted = a.outcome(40);
    assertRefused(aborted, 0x01B, false);
    assertThat(b.run(read(5, 1, 200, 16, data.length)).data()).isEqualTo(zeroes);
  }
}
