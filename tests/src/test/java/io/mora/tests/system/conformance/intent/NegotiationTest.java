package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.system.conformance.intent.IntentSession.CARRIER_A;
import static io.mora.tests.system.conformance.intent.IntentSession.CARRIER_B;
import static io.mora.tests.system.conformance.intent.IntentSession.CONTROL;
import static io.mora.tests.system.conformance.intent.IntentSession.EXPIRING;
import static io.mora.tests.system.conformance.intent.IntentSession.LI;
import static io.mora.tests.system.conformance.intent.IntentSession.REFUSING;
import static io.mora.tests.system.conformance.intent.IntentSession.RT;
import static io.mora.tests.system.conformance.intent.IntentSession.STRICT;
import static io.mora.tests.system.conformance.intent.IntentSession.TIMING_ALL;
import static io.mora.tests.system.conformance.intent.IntentSession.read;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** 6.4 and 6.5, and row E0 of 6.8: what is offered, and how a host opts in. */
@Covers("intent.offer")
class NegotiationTest extends IntentConformance {
  private static final String UUID = "19021daf207e5e4a825084cca66dd32b";
  private static final int ALL_FLAGS =
      CARRIER_A | TIMING_ALL | STRICT | CARRIER_B | EXPIRING | REFUSING;

  private static byte[] identify(IntentSession session, int cns, int nsid) {
    Outcome outcome = session.admin().run(Capsules.identify(session.admin().cid(), cns, nsid));
    assertOk(outcome);
    return outcome.data();
  }

  private static int crc(byte[] page, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(page, from, length);
    return (int) crc.getValue();
  }

  private static ByteBuffer littleEndian(byte[] page, int from, int length) {
    return ByteBuffer.wrap(page, from, length).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** 6.5, every row. */
  @Test
  void theVendorAreaOfIdentifyController() {
    try (IntentSession session = session(IntentSetup.STRANGER)) {
      byte[] page = identify(session, 1, 0);
      assertThat(HexFormat.of().formatHex(page, 3072, 3088)).isEqualTo(UUID);
      ByteBuffer area = littleEndian(page, 3072, 128);
      assertThat(area.getInt(124)).as("CRC").isEqualTo(crc(page, 3072, 124));
      assertThat(area.getShort(16)).as("versions 1, 1").isEqualTo((short) 0x0101);
      int capabilities = area.getShort(18);
      assertThat(capabilities & 0xF800).as("no such capabilities").isZero();
      assertThat(capabilities & 1).as("carrier A").isEqualTo(1);
      assertThat(area.get(20)).as("classes").isEqualTo((byte) 8);
      assertThat(area.getShort(22)).as("timing unit").isEqualTo((short) 100);
      assertThat(area.get(24)).as("first feature").isEqualTo((byte) 0xE0);
      assertThat(area.get(25)).as("features").isBetween((byte) 1, (byte) 6);
      assertThat(area.get(26)).as("first log").isEqualTo((byte) 0xE0);
      assertThat(area.get(27)).as("logs").isBetween((byte) 0, (byte) 2);
      int opcodes = (capabilities & 2) == 0 ? 0 : 0xC5C2C1;
      assertThat(area.getInt(28)).as("opcodes").isEqualTo(opcodes);
      int[] budgets = {5_000, 1_000_000, 100_000, 20_000, 5_000, 1_000, 400, 150};
      for (int i = 0; i < 8; i++) {
        assertThat(area.getInt(32 + 4 * i)).as("budget of class %s", i).isEqualTo(budgets[i]);
      }
      assertThat(area.getShort(64) & 0xFFFF).as("slots").isLessThanOrEqualTo(255);
      assertThat(area.getInt(68)).as("largest budget").isEqualTo(4095 << 15);
      assertThat(Arrays.copyOfRange(page, 3072 + 72, 3072 + 124)).containsOnly(0);
      assertThat(Arrays.copyOfRange(page, 3072 + 128, 4096)).containsOnly(0);
    }
  }

  /** 6.5: every feature and log that the area names is there, and none beside. */
  @Test
  void whatTheAreaNamesIsThere() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      byte[] page = identify(session, 1, 0);
      for (int i = 0; i < 32; i++) {
        int fid = 0xE0 + i;
        int code = admin.run(Capsules.getFeature(admin.cid(), fid | 0x300)).code();
        boolean there = i < page[3072 + 25];
        assertThat(code == 0).as("capabilities of feature %x: %x", fid, code).isEqualTo(there);
        Outcome log = admin.run(Capsules.getLog(admin.cid(), 0xE0 + i, 0, 64));
        assertThat(log.code()).isEqualTo(i < page[3072 + 27] ? 0 : 0x109);
      }
    }
  }

  /** 6.4.2: on each controller, and until then not. */
  @Test
  void onlyTheControllerThatOptedInHasIt() {
    try (IntentSession one = session(IntentSetup.TRUSTED);
        IntentSession other = session(IntentSetup.TRUSTED)) {
      RawHost before = one.queue(1);
      assertThat(read(before, 1, 0, wish(7) | RT).result()).isZero();
      one.optIn(0);
      assertThat(timed(before, 1, 0, wish(7)).effectiveClass()).as("from then on").isEqualTo(7);
      RawHost still = other.queue(1);
      assertThat(read(still, 1, 0, wish(7) | RT).result()).isZero();
      assertThat(other.inForce() & 0x1FF).isZero();
    }
  }

  /** 6.4.3. */
  @Test
  void aControllerResetEndsIt() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      session.optIn(TIMING_ALL);
      assertThat(session.inForce() & 0x1FF).isEqualTo(1 | CARRIER_A | TIMING_ALL);
      session.raw().set(RawSession.DISABLE);
      session.raw().awaitStatus(1, 0);
      session.raw().enable();
      assertThat(session.inForce() & 0x1FF).isZero();
      assertThat(read(session.queue(1), 1, 0, wish(7) | RT).result()).isZero();
    }
    try (IntentSession next = session(IntentSetup.TRUSTED)) {
      assertThat(next.inForce() & 0x1FF).as("a new association").isZero();
    }
  }

  /** 6.4.3: "enabling does not change Identify data, limits, or any standard reply". */
  @Test
  void optingInChangesNoStandardReply() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      byte[] controller = identify(session, 1, 0);
      byte[] namespace = identify(session, 0, 1);
      RawHost host = session.queue(1);
      session.optIn(TIMING_ALL | STRICT | CARRIER_B | EXPIRING);
      assertThat(identify(session, 1, 0)).isEqualTo(controller);
      assertThat(identify(session, 0, 1)).isEqualTo(namespace);
      Outcome plain = read(host, 1, 0, 0);
      assertOk(plain);
      assertThat(plain.result()).as("VER 0").isZero();
    }
  }

  /** 6.8 E0: the magic, the version, the flags, the other bits. */
  @Test
  void controlTakesOnlyWhatIsDefined() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      int[] wrong = {
        0x00000011,
        0x4C490011,
        0x494D0011,
        LI | 0x211,
        LI | 0x411,
        LI | 0x811,
        LI | 0x1011,
        LI | 0x2011,
        LI | 0x8011,
        LI | 1,
        LI | 1 | STRICT
      };
      for (int value : wrong) {
        assertRefused(admin.run(Capsules.setFeature(admin.cid(), CONTROL, value)), 0x002, true);
        assertThat(session.inForce() & 0x1FF).as(Integer.toHexString(value)).isZero();
      }
      for (int flags = 0; flags < 64; flags++) {
        int asked = (flags & 31) << 4 | (flags >> 5) * REFUSING;
        if ((asked & (CARRIER_A | CARRIER_B)) != 0) {
          Outcome outcome = session.control(asked);
          assertOk(outcome);
          assertThat(outcome.dw0() & (0x1FF | REFUSING)).isEqualTo(1 | asked & ALL_FLAGS);
          assertThat(session.inForce()).isEqualTo(outcome.dw0());
        }
      }
      assertOk(admin.run(Capsules.setFeature(admin.cid(), CONTROL, LI)));
      assertThat(session.inForce() & 0x1FF).as("version 0 disables").isZero();
    }
  }

  /** 6.4.5: the highest version not above the one asked for. */
  @Test
  void theTargetChoosesTheVersion() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      for (int version = 1; version < 16; version++) {
        int value = LI | CARRIER_A | version;
        Outcome outcome = admin.run(Capsules.setFeature(admin.cid(), CONTROL, value));
        assertOk(outcome);
        assertThat(outcome.dw0() & 0xF).as("asked for %s", version).isEqualTo(1);
      }
    }
  }

  /** 6.8 E0: what Get tells of the grants. */
  @Test
  void controlTellsTheGrants() {
    assertGrants(IntentSetup.STRANGER, 4, false, false);
    assertGrants(IntentSetup.TRUSTED, 7, true, true);
    assertGrants(IntentSetup.COARSE, 5, true, false);
    assertGrants(IntentSetup.URGENT, 7, false, false);
  }

  private static void assertGrants(String host, int highest, boolean step, boolean fine) {
    try (IntentSession session = session(host)) {
      int dw0 = session.inForce();
      assertThat(dw0 >>> 9 & 7).as("highest class of %s", host).isEqualTo(highest);
      assertThat((dw0 & 1 << 12) != 0).as("STEP of %s", host).isEqualTo(step);
      assertThat((dw0 & 1 << 13) != 0).as("fine timing of %s", host).isEqualTo(fine);
      assertThat(dw0 & 0xC000).isZero();
    }
  }

  /** 6.4.3, 6.8: never saveable; the default is off; the capabilities say changeable. */
  @Test
  void controlIsNotSaveable() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      RawHost admin = session.admin();
      var save = Capsules.setFeature(1, CONTROL, LI | CARRIER_A | 1).put(CDW10, 4, 0x800000E0L);
      assertRefused(admin.run(save), 0x10D, true);
      assertThat(session.inForce() & 0x1FF).isZero();
      session.optIn(0);
      assertThat(admin.run(Capsules.getFeature(2, CONTROL | 0x100)).dw0()).as("default").isZero();
      assertThat(admin.run(Capsules.getFeature(3, CONTROL | 0x300)).dw0()).isEqualTo(4);
      var all = Capsules.setFeature(4, CONTROL, LI | CARRIER_A | 1).put(Capsules.SQE + 4, 4, -1);
      assertOk(admin.run(all));
    }
  }

  /** A discovery controller has none of it. */
  @Test
  void notOnADiscoveryController() {
    try (RawSession session =
        RawSession.open(address(IntentSetup.LISTENER_PLAIN), Capsules.DISCOVERY)) {
      RawHost admin = session.admin();
      byte[] page = admin.run(Capsules.identify(1, 1, 0)).data();
      assertThat(Arrays.copyOfRange(page, 3072, 4096)).containsOnly(0);
      for (int fid = 0xE0; fid < 0xE6; fid++) {
        assertRefused(admin.run(Capsules.getFeature(2, fid)), 0x002, true);
        var set = Capsules.setFeature(3, fid, LI | CARRIER_A | 1).put(CDW11, 4, LI | 0x11);
        assertRefused(admin.run(set), 0x002, true);
      }
      assertRefused(admin.run(Capsules.getLog(4, 0xE0, 0, 64)), 0x109, true);
    }
  }
}
