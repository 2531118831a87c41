package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.CDW12;
import static io.mora.tests.kit.wire.Capsules.CDW13;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static io.mora.tests.system.conformance.intent.IntentSetup.PLAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** 6.8, rows E1 to E5, and D0, by bytes; row E0 is in {@link NegotiationTest}. */
@Covers("intent.feature")
class FeatureRowsTest extends IntentConformance {
  private static final int DEFAULTS = 0xE1;
  private static final int SLO = 0xE2;
  private static final int FEEDBACK = 0xE3;
  private static final int GRANTS = 0xE4;
  private static final int REGISTRATION = 0xE5;
  private static final int CONSUMER = 0xD0;
  private static final int REMOVE = 1 << 8;

  private static Frame set(RawHost admin, int fid, int nsid, int cdw11) {
    return Capsules.command(0x09, admin.cid(), nsid).put(CDW10, 4, fid).put(CDW11, 4, cdw11);
  }

  private static Frame setData(RawHost admin, int fid, int nsid, int cdw11, byte[] data) {
    return Capsules.inCapsule(0x09, admin.cid(), nsid, data)
        .put(CDW10, 4, fid)
        .put(CDW11, 4, cdw11);
  }

  private static Outcome get(RawHost admin, int fid, int nsid, int cdw11) {
    Frame get = Capsules.command(0x0A, admin.cid(), nsid).put(CDW10, 4, fid);
    return admin.run(get.put(CDW11, 4, cdw11));
  }

  private static ByteBuffer getData(RawHost admin, int fid, int cdw11, int bytes) {
    Frame get = Capsules.transfer(0x0A, admin.cid(), 0, bytes).put(CDW10, 4, fid);
    Outcome outcome = admin.run(get.put(CDW11, 4, cdw11));
    assertOk(outcome);
    assertThat(outcome.data()).hasSize(bytes);
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(ByteBuffer page, int from) {
    byte[] bytes = new byte[page.capacity() - from];
    page.get(from, bytes);
    return bytes;
  }

  /**
   * D0: the CPU of a queue comes back as it was set; a reset forgets it; only who opted in is
   * understood.
   */
  @Test
  void consumers() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      assertRefused(get(admin, CONSUMER, 0, 2 << 16), 0x002, true);
      session.optIn(0);
      assertThat(get(admin, CONSUMER, 0, 2 << 16).dw0()).isEqualTo(0xFFFF);
      assertOk(admin.run(set(admin, CONSUMER, 0, 2 << 16 | 5)));
      assertThat(get(admin, CONSUMER, 0, 2 << 16).dw0()).isEqualTo(5);
      assertThat(get(admin, CONSUMER, 0, 1 << 16).dw0()).as("another queue").isEqualTo(0xFFFF);
      assertOk(admin.run(set(admin, CONSUMER, 0, 2 << 16 | 0xFFFE)));
      assertThat(get(admin, CONSUMER, 0, 2 << 16).dw0()).isEqualTo(0xFFFE);
      assertRefused(admin.run(set(admin, CONSUMER, 0, 5)), 0x002, true);
      assertRefused(admin.run(set(admin, CONSUMER, 0, 99 << 16 | 5)), 0x002, true);
      assertRefused(get(admin, CONSUMER, 0, 0), 0x002, true);
      session.raw().set(RawSession.DISABLE);
      session.raw().awaitStatus(1, 0);
      session.raw().enable();
      session.optIn(0);
      assertThat(get(admin, CONSUMER, 0, 2 << 16).dw0()).isEqualTo(0xFFFF);
    }
  }

  /** E1: each scope comes back as it was set, the budget as a minifloat; what is wrong is 0/02. */
  @Test
  void defaults() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      assertOk(admin.run(set(admin, DEFAULTS, 0, 3 << 8).put(CDW12, 4, 20_000)));
      assertThat(get(admin, DEFAULTS, 0, 0).dw0()).isEqualTo(0x39C4 << 16 | 3 << 8);
      int queue = 1 | 6 << 8 | 1 << 11 | 2 << 16;
      assertOk(admin.run(set(admin, DEFAULTS, 0, queue).put(CDW12, 4, 400)));
      assertThat(get(admin, DEFAULTS, 0, 1 | 2 << 16).dw0()).isEqualTo(0x01900E01);
      assertThat(get(admin, DEFAULTS, 0, 1 | 1 << 16).dw0()).as("another queue").isEqualTo(1);
      assertOk(admin.run(set(admin, DEFAULTS, PLAIN, 2 | 1 << 8)));
      assertThat(get(admin, DEFAULTS, PLAIN, 2).dw0()).isEqualTo(2 | 1 << 8);
      assertRefused(admin.run(set(admin, DEFAULTS, 99, 2 | 1 << 8)), 0x00B, true);
      for (int wrong : new int[] {3, 0xFF, 1 | 1 << 8, 1 | 99 << 16, 1 << 12, 1 << 15}) {
        assertRefused(admin.run(set(admin, DEFAULTS, 0, wrong)), 0x002, true);
      }
      assertRefused(
          admin.run(set(admin, DEFAULTS, 0, 3 << 8).put(CDW12, 4, (4095L << 15) + 1)), 0x002, true);
      session.raw().set(RawSession.DISABLE);
      session.raw().awaitStatus(1, 0);
      session.raw().enable();
      assertThat(get(admin, DEFAULTS, 0, 0).dw0()).as("after a reset").isZero();
    }
  }

  /** E2: class, events, target, limits; read back as 8 entries of 16 bytes. */
  @Test
  void objectives() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      assertThat(bytes(getData(admin, SLO, 0, 128), 0)).containsOnly(0);
      Frame set = set(admin, SLO, 0, 6 | 8).put(CDW12, 4, 400).put(CDW13, 4, 60 << 16 | 25);
      assertOk(admin.run(set));
      assertOk(admin.run(set(admin, SLO, 0, 2).put(CDW12, 4, -1).put(CDW13, 4, -1)));
      ByteBuffer table = getData(admin, SLO, 0, 128);
      assertThat(table.getInt(96) & 1).as("events on").isEqualTo(1);
      assertThat(table.getInt(100)).isEqualTo(400);
      assertThat(table.getShort(104)).isEqualTo((short) 25);
      assertThat(table.getShort(106)).isEqualTo((short) 60);
      assertThat(table.getInt(108)).isZero();
      assertThat(table.getLong(32)).as("flags, p99").isEqualTo(0xFFFFFFFFL << 32);
      assertThat(table.getInt(40)).isEqualTo(-1);
      assertRefused(admin.run(set(admin, SLO, 0, 0)), 0x002, true);
      assertRefused(admin.run(set(admin, SLO, 0, 6 | 16)), 0x002, true);
    }
  }

  private static byte[] report(int latencyClass, int flow) {
    ByteBuffer report = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    report.putInt(0, 1).putInt(4, 1_000).put(8, (byte) latencyClass).putInt(12, 1_000);
    report.putInt(16, 1_111).putInt(20, 2_222).putInt(24, 3).putInt(28, 500).putInt(32, 7);
    return report.putInt(36, 10).putInt(40, 20).putShort(44, (short) flow).array();
  }

  /** E3: taken once in 100 ms, else 7/04; told back by log E0h; it raises no class. */
  @Test
  void feedback() {
    try (IntentSession session = session(IntentSetup.STRANGER).optIn(0)) {
      RawHost admin = session.admin();
      assertOk(admin.run(setData(admin, FEEDBACK, 0, 0, report(4, 17))));
      int limited = 0;
      for (int i = 0; i < 10; i++) {
        Outcome again = admin.run(setData(admin, FEEDBACK, 0, 0, report(4, 17)));
        if (again.code() != 0) {
          assertRefused(again, 0x704, false);
          limited++;
        }
      }
      assertThat(limited).as("more than one in 100 ms").isPositive();
      Outcome log = admin.run(Capsules.getLog(admin.cid(), 0xE0, 256 + 4 * 1024, 128));
      ByteBuffer record = ByteBuffer.wrap(log.data()).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(record.getInt(108)).isEqualTo(1_111);
      assertThat(record.getInt(112)).isEqualTo(2_222);
      assertThat(record.getInt(120)).as("per million").isEqualTo(500_000);
      assertThat(timed(session.queue(1), PLAIN, 0, wish(7)).effectiveClass()).isEqualTo(4);
      assertRefused(get(admin, FEEDBACK, 0, 0), 0x002, true);
      Frame shorter = setData(admin, FEEDBACK, 0, 0, new byte[60]);
      assertThat(admin.run(shorter).code()).as("64 bytes").isNotZero();
      Waiting.until(
          "100 ms have passed",
          () -> admin.run(setData(admin, FEEDBACK, 0, 0, report(9, 0))).code() == 0x002);
    }
  }

  /** E4: what this host may, byte by byte; it can only be read. */
  @Test
  void grants() {
    try (IntentSession session = session(IntentSetup.FLOORED)) {
      RawHost admin = session.admin();
      ByteBuffer page = getData(admin, GRANTS, 0, 64);
      assertThat(page.get(0)).as("highest class").isEqualTo((byte) 7);
      assertThat(page.get(1)).as("STEP to RECUR").isEqualTo((byte) 0x3F);
      assertThat(page.get(3)).as("slots").isEqualTo((byte) 255);
      int[] floors = {0, 0, 0, 0, 0, 2_000, 1_000, 500};
      for (int i = 0; i < 8; i++) {
        assertThat(page.getInt(4 + 4 * i)).as("floor of class %s", i).isEqualTo(floors[i]);
      }
      assertThat(page.get(48)).as("identity is claimed").isZero();
      assertThat(page.getShort(50) & 0xFFFF).isEqualTo(session.inForce() >>> 16);
      assertThat(bytes(page, 52)).containsOnly(0);
      assertRefused(admin.run(set(admin, GRANTS, 0, 0)), 0x10E, true);
    }
    try (IntentSession session = session(IntentSetup.RATED)) {
      ByteBuffer page = getData(session.admin(), GRANTS, 0, 64);
      assertThat(page.getInt(36)).as("IOPS").isEqualTo(1);
      assertThat(page.getInt(40)).as("MiB/s").isZero();
      assertThat(page.getInt(44)).as("burst").isEqualTo(IntentSetup.RATED_BURST);
    }
    try (IntentSession session = session(IntentSetup.STRANGER)) {
      ByteBuffer page = getData(session.admin(), GRANTS, 0, 64);
      assertThat(page.get(0)).isEqualTo((byte) 4);
      assertThat(page.get(1)).as("RT only").isEqualTo((byte) 4);
      assertThat(page.get(3)).isZero();
    }
  }

  private static byte[] region(long slba, int blocks, int latencyClass, int flags) {
    return ByteBuffer.allocate(32)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(slba)
        .putInt(blocks)
        .put((byte) latencyClass)
        .put((byte) flags)
        .putShort((short) 0)
        .putInt(100)
        .putInt(400)
        .array();
  }

  /** E5: a region in a slot, told back, used by REG, removed; the generation counts changes. */
  @Test
  void registrations() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost admin = session.admin();
      byte[] region = region(0, 16, 6, 0);
      Outcome set = admin.run(setData(admin, REGISTRATION, PLAIN, 255, region));
      assertOk(set);
      assertThat(bytes(getData(admin, REGISTRATION, 255, 32), 0)).isEqualTo(region);
      assertThat(bytes(getData(admin, REGISTRATION, 254, 32), 0)).containsOnly(0);
      RawHost host = session.queue(1);
      assertThat(timed(host, PLAIN, 0, wish(4) | 255).reason()).isZero();
      assertThat(timed(host, PLAIN, 0, wish(4) | 254).reason()).isEqualTo(5);
      assertThat(timed(host, IntentSetup.BULK_NAMESPACE, 0, wish(4) | 255).reason()).isEqualTo(5);
      Outcome removed = admin.run(set(admin, REGISTRATION, PLAIN, 255 | REMOVE));
      assertOk(removed);
      assertThat(removed.dw0()).as("generation").isNotEqualTo(set.dw0());
      assertThat(timed(host, PLAIN, 0, wish(4) | 255).reason()).isEqualTo(5);
    }
  }

  /** E5: the range lies in the namespace, the slot in the grant, and a reset drops all. */
  @Test
  void registrationsAreChecked() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      int blocks = IntentSetup.BLOCKS;
      byte[] whole = region(0, blocks, 0, 7);
      assertRefused(admin.run(setData(admin, REGISTRATION, PLAIN, 0, whole)), 0x002, true);
      assertRefused(admin.run(setData(admin, REGISTRATION, PLAIN, 1 << 9, whole)), 0x002, true);
      assertRefused(admin.run(setData(admin, REGISTRATION, 99, 1, whole)), 0x00B, true);
      byte[][] outside = {
        region(0, 0, 0, 0),
        region(0, blocks + 1, 0, 0),
        region(blocks, 1, 0, 0),
        region(-1, 1, 0, 0),
        region(Long.MAX_VALUE, -1, 0, 0)
      };
      for (byte[] wrong : outside) {
        assertRefused(admin.run(setData(admin, REGISTRATION, PLAIN, 1, wrong)), 0x080, true);
      }
      assertRefused(
          admin.run(setData(admin, REGISTRATION, PLAIN, 1, region(0, 1, 8, 0))), 0x002, true);
      assertRefused(
          admin.run(setData(admin, REGISTRATION, PLAIN, 1, region(0, 1, 0, 8))), 0x002, true);
      assertOk(admin.run(setData(admin, REGISTRATION, PLAIN, 1, whole)));
      session.raw().set(RawSession.DISABLE);
      session.raw().awaitStatus(1, 0);
      session.raw().enable();
      assertThat(bytes(getData(admin, REGISTRATION, 1, 32), 0)).containsOnly(0);
    }
    try (IntentSession session = session(IntentSetup.STRANGER)) {
      RawHost admin = session.admin();
      byte[] region = region(0, 1, 0, 0);
      assertRefused(admin.run(setData(admin, REGISTRATION, PLAIN, 1, region)), 0x002, true);
    }
  }

  /** E5: all slots at once, then 7/04. */
  @Test
  void registrationsAreRateLimited() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      int limited = 0;
      for (int i = 0; i < 600 && limited == 0; i++) {
        byte[] region = region(i % 8, 1, 0, 0);
        Outcome outcome = admin.run(setData(admin, REGISTRATION, PLAIN, 1 + i % 255, region));
        if (outcome.code() != 0) {
          assertThat(i).isGreaterThanOrEqualTo(255);
          assertRefused(outcome, 0x704, false);
          limited++;
        }
      }
      assertThat(limited).isEqualTo(1);
    }
  }

  /** None of them can be saved. */
  @Test
  void nothingIsSaveable() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      for (int fid : new int[] {DEFAULTS, SLO}) {
        Frame save = set(admin, fid, 0, 6).put(CDW10, 4, 0x80000000L | fid);
        assertRefused(admin.run(save), 0x10D, true);
      }
    }
  }
}
