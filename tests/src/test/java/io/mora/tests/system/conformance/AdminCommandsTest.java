package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.CDW12;
import static io.mora.tests.kit.wire.Capsules.SGL_LENGTH;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Sections 3.1 to 3.8: Identify, log pages, features, events, and what is refused. */
class AdminCommandsTest extends Conformance {
  private static final int ALL = 0xFFFFFFFF;

  private static ByteBuffer page(Outcome outcome) {
    assertOk(outcome);
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(ByteBuffer page, int at, int length) {
    byte[] bytes = new byte[length];
    page.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Covers("identify.controller")
  @Test
  void identifyController() {
    try (RawSession session = session()) {
      ByteBuffer id = page(session.admin().run(Capsules.identify(1, 0x01, 0)));
      assertThat(id.get(76) & 2).as("CMIC multi-controller").isEqualTo(2);
      assertThat(1 << 12 + id.get(77)).as("MDTS").isEqualTo(Setup.MDTS_BYTES);
      assertThat(id.getShort(78) & 0xFFFF).as("CNTLID").isEqualTo(session.cntlid());
      assertThat(id.getInt(80)).as("VER").isEqualTo(0x00020000);
      assertThat(id.get(111)).as("CNTRLTYPE").isEqualTo((byte) 1);
      assertThat(id.getShort(320)).as("KAS").isNotZero();
      assertThat(id.getShort(386)).as("CQT: not told").isZero();
      assertThat(id.get(512)).as("SQES").isEqualTo((byte) 0x66);
      assertThat(id.get(513)).as("CQES").isEqualTo((byte) 0x44);
      assertThat(id.getShort(514)).as("MAXCMD").isNotZero();
      assertThat(id.getInt(516)).as("NN").isEqualTo(8192);
      assertThat(id.getInt(536) & 3).as("SGLS").isEqualTo(1);
      String subNqn = text(id, 768, NQN.length());
      assertThat(subNqn).isEqualTo(NQN);
      assertThat(id.get(768 + NQN.length())).isZero();
      assertThat(id.getInt(1792)).as("IOCCSZ").isEqualTo((64 + Setup.IN_CAPSULE) / 16);
      assertThat(id.getInt(1796)).as("IORCSZ").isEqualTo(1);
      assertThat(id.getShort(1800)).as("ICDOFF").isZero();
      Outcome nvm = session.admin().run(Capsules.identify(2, 0x06, 0));
      assertThat(nvm.data()).as("no limits of their own").containsOnly(0);
    }
  }

  @Covers("identify.namespace")
  @Test
  void identifyNamespaces() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      ByteBuffer ns = page(admin.run(Capsules.identify(1, 0x00, Setup.NSID_4K)));
      assertThat(ns.getLong(0)).as("NSZE").isEqualTo(Setup.SIZE_BYTES / 4096);
      assertThat(ns.getLong(8)).as("NCAP").isEqualTo(Setup.SIZE_BYTES / 4096);
      assertThat(ns.get(30) & 1).as("NMIC").isEqualTo(1);
      assertThat(ns.get(128 + 2)).as("LBADS").isEqualTo((byte) 12);
      ByteBuffer small = page(admin.run(Capsules.identify(2, 0x00, Setup.NSID_512)));
      assertThat(small.getLong(0)).isEqualTo(Setup.SIZE_BYTES / 512);
      assertThat(small.get(128 + 2)).isEqualTo((byte) 9);
      assertThat(admin.run(Capsules.identify(3, 0x00, 5)).data()).as("inactive").containsOnly(0);
      assertThat(admin.run(Capsules.identify(4, 0x00, ALL)).data()).containsOnly(0);
      assertRefused(admin.run(Capsules.identify(5, 0x00, 0)), 0x00B, true);
      ByteBuffer descriptors = page(admin.run(Capsules.identify(6, 0x03, Setup.NSID_4K)));
      assertThat(descriptors.get(0)).as("NIDT").isIn((byte) 2, (byte) 3);
      assertRefused(admin.run(Capsules.identify(7, 0x03, 5)), 0x00B, true);
      ByteBuffer independent = page(admin.run(Capsules.identify(8, 0x08, Setup.NSID_4K)));
      assertThat(independent.get(14) & 1).as("NSTAT ready").isEqualTo(1);
      assertRefused(admin.run(Capsules.identify(9, 0x08, 5)), 0x00B, true);
      assertOk(admin.run(Capsules.identify(10, 0x05, Setup.NSID_4K)));
      assertRefused(admin.run(Capsules.identify(11, 0x05, 5)), 0x00B, true);
      Frame zoned = Capsules.identify(12, 0x05, Setup.NSID_4K).put(CDW11 + 3, 1, 2);
      assertRefused(admin.run(zoned), 0x002, true);
    }
  }

  @Covers("identify.lists")
  @Test
  void identifyActiveNamespaces() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      for (int cns : new int[] {0x02, 0x07}) {
        ByteBuffer all = page(admin.run(Capsules.identify(1, cns, 0)));
        assertThat(all.slice(0, 20).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer())
            .isEqualTo(IntBuffer.wrap(new int[] {1, 2, 3, 7, 0}));
        ByteBuffer after = page(admin.run(Capsules.identify(2, cns, 3)));
        assertThat(after.getInt(0)).isEqualTo(7);
        assertThat(after.getInt(4)).isZero();
        assertRefused(admin.run(Capsules.identify(3, cns, 0xFFFFFFFE)), 0x00B, true);
        assertRefused(admin.run(Capsules.identify(4, cns, ALL)), 0x00B, true);
      }
    }
  }

  @Covers({"identify.none", "admin.none"})
  @Test
  void unknownIdentifyPagesAndCommands() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      for (int cns : new int[] {0x04, 0x09, 0x14, 0x15, 0x20, 0xFF}) {
        assertRefused(admin.run(Capsules.identify(1, cns, 0)), 0x002, true);
      }
      for (int opcode : new int[] {0x00, 0x01, 0x04, 0x05, 0x0D, 0x14, 0x15, 0x84, 0xC0, 0xFF}) {
        assertRefused(admin.run(Capsules.command(opcode, 1, 0)), 0x001, true);
      }
      assertRefused(admin.run(Capsules.identify(1, 1, 0).put(SQE + 1, 1, 0)), 0x002, true);
      assertRefused(admin.run(Capsules.identify(1, 1, 0).put(SQE + 1, 1, 0x42)), 0x002, true);
      assertRefused(admin.run(Capsules.identify(1, 1, 0).put(SGL_LENGTH, 4, 2048)), 0x00F, true);
    }
  }

  @Covers("log.smart")
  @Test
  void logPagesAtAnyOffset() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      byte[] smart = admin.run(Capsules.getLog(1, 0x02, 0, 512)).data();
      assertThat(smart[1] | smart[2] << 8).as("temperature").isNotZero();
      byte[] part = admin.run(Capsules.getLog(2, 0x02, 4, 16)).data();
      assertThat(part).isEqualTo(Arrays.copyOfRange(smart, 4, 20));
      byte[] over = admin.run(Capsules.getLog(3, 0x02, 508, 16)).data();
      assertThat(Arrays.copyOfRange(over, 4, 16)).as("past the end").containsOnly(0);
      assertOk(admin.run(Capsules.getLog(4, 0x02, 512, 4)));
      assertRefused(admin.run(Capsules.getLog(5, 0x02, 516, 4)), 0x002, true);
      assertRefused(admin.run(Capsules.getLog(6, 0x02, 2, 4)), 0x002, true);
      assertRefused(admin.run(Capsules.getLog(7, 0x02, -4, 4)), 0x002, true);
      assertRefused(admin.run(Capsules.getLog(8, 0x02, Long.MIN_VALUE, 4)), 0x002, true);
      assertRefused(admin.run(Capsules.getLog(9, 0x02, 0, 512).put(SGL_LENGTH, 4, 508)), 15, true);
      Frame huge = Capsules.getLog(10, 0x02, 0, 4096).put(CDW11, 2, 0xFFFF);
      assertRefused(admin.run(huge), 0x002, true);
      assertRefused(admin.run(Capsules.getLog(11, 0x70, 0, 512)), 0x109, true);
      assertRefused(admin.run(Capsules.getLog(12, 0xC5, 0, 512)), 0x109, true);
    }
  }

  @Covers("log.error")
  @Test
  void theErrorLogKeepsTheNewestFirst() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      assertRefused(admin.run(Capsules.identify(71, 0xFF, 0)), 0x002, true);
      assertRefused(admin.run(Capsules.command(0xC0, 72, 3)), 0x001, true);
      ByteBuffer log = page(admin.run(Capsules.getLog(1, 0x01, 0, 192)));
      assertThat(log.getLong(0)).isEqualTo(2);
      assertThat(log.getShort(10)).as("CID").isEqualTo((short) 72);
      assertThat(log.getShort(12) >>> 1 & 0x7FF).as("status").isEqualTo(0x001);
      assertThat(log.getLong(64)).isEqualTo(1);
      assertThat(log.getShort(64 + 10)).isEqualTo((short) 71);
      assertThat(log.getLong(128)).isZero();
    }
  }

  @Covers("log.discovery")
  @Test
  void theDiscoveryLogNamesWhatTheHostMayUse() {
    try (RawSession session = RawSession.open(address(), Capsules.DISCOVERY)) {
      RawHost admin = session.admin();
      ByteBuffer head = page(admin.run(Capsules.getLog(1, 0x70, 0, 1024)));
      assertThat(head.getLong(8)).as("NUMREC").isEqualTo(1);
      ByteBuffer log = page(admin.run(Capsules.getLog(2, 0x70, 1024, 1024)));
      assertThat(log.get(0)).as("TRTYPE tcp").isEqualTo((byte) 3);
      assertThat(log.get(2)).as("SUBTYPE NVM").isEqualTo((byte) 2);
      assertThat(text(log, 256, NQN.length())).isEqualTo(NQN);
      String port = Integer.toString(address().getPort());
      assertThat(text(log, 32, port.length())).isEqualTo(port);
      assertThat(admin.run(Capsules.getLog(3, 0x70, 1 << 20, 64)).data()).containsOnly(0);
      ByteBuffer id = page(admin.run(Capsules.identify(4, 0x01, 0)));
      assertThat(id.get(111)).as("CNTRLTYPE").isEqualTo((byte) 2);
      assertRefused(admin.run(Capsules.identify(5, 0x02, 0)), 0x002, true);
      assertRefused(admin.run(Capsules.getLog(6, 0x02, 0, 512)), 0x109, true);
      assertRefused(admin.run(Capsules.command(0x08, 7, 0)), 0x001, true);
      assertRefused(admin.run(Capsules.getFeature(8, 0x07)), 0x002, true);
      assertOk(admin.run(Capsules.setFeature(9, 0x0B, 1 << 31)));
    }
  }

  @Covers({"feature.plain", "feature.queues", "feature.none"})
  @Test
  void features() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      assertThat(admin.run(Capsules.setFeature(1, 0x07, 0x003F003F)).dw0()).isEqualTo(0x00030003);
      assertRefused(admin.run(Capsules.setFeature(2, 0x07, 0xFFFF0000)), 0x002, true);
      assertRefused(admin.run(Capsules.setFeature(3, 0x07, 0x0000FFFF)), 0x002, true);
      assertThat(admin.run(Capsules.setFeature(4, 0x07, 0x00000001)).dw0()).isZero();
      Outcome above = session.initialised(0, 0).run(Capsules.connect(2, session.cntlid(), NQN));
      assertRefused(above, 0x182, true);
      try (RawHost only = session.queue(1)) {
        assertRefused(admin.run(Capsules.setFeature(5, 0x07, 0x00030003)), 0x00C, true);
        assertOk(only.run(read(1, 1, 0, 1, 4096)));
      }
      assertOk(admin.run(Capsules.setFeature(6, 0x01, 0x01020304)));
      assertThat(admin.run(Capsules.getFeature(7, 0x01)).dw0()).isEqualTo(0x01020304);
      assertThat(admin.run(Capsules.getFeature(8, 0x101)).dw0()).as("default").isZero();
      assertThat(admin.run(Capsules.getFeature(9, 0x301)).dw0()).as("changeable").isEqualTo(4);
      assertRefused(admin.run(Capsules.getFeature(10, 0x401)), 0x002, true);
      assertRefused(admin.run(Capsules.setFeature(11, 0x80000001, 0)), 0x10D, true);
      assertRefused(admin.run(Capsules.setFeature(12, 0x02, 1)), 0x002, true);
      assertRefused(admin.run(Capsules.setFeature(13, 0x0B, 1 << 30)), 0x002, true);
      for (int fid : new int[] {0x00, 0x08, 0x09, 0x0C, 0x10, 0x84, 0xC0, 0xFF}) {
        assertRefused(admin.run(Capsules.getFeature(14, fid)), 0x002, true);
        assertRefused(admin.run(Capsules.setFeature(15, fid, 0)), 0x002, true);
      }
    }
  }

  @Covers("feature.hostid")
  @Test
  void theHostIdentifierIsThatOfConnect() {
    try (RawSession session = session()) {
      Frame get = Capsules.transfer(0x0A, 1, 0, 16).put(CDW10, 4, 0x81).put(CDW11, 4, 1);
      assertThat(session.admin().run(get).data()).hasSize(16).containsOnly(7);
      Frame shorter = Capsules.transfer(0x0A, 2, 0, 16).put(CDW10, 4, 0x81);
      assertRefused(session.admin().run(shorter), 0x002, true);
      assertRefused(session.admin().run(Capsules.setFeature(3, 0x81, 1)), 0x00C, true);
    }
  }

  @Covers({"event", "abort"})
  @Test
  void eventRequestsAreBoundedAndCanBeAborted() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      for (int i = 0; i < 4; i++) {
        admin.send(Capsules.asyncEvent(100 + i));
      }
      assertRefused(admin.run(Capsules.asyncEvent(104)), 0x105, true);
      assertThat(admin.run(Capsules.command(0x08, 1, 0).put(CDW10, 4, 102 << 16)).dw0())
          .as("aborted")
          .isZero();
      assertThat(admin.outcome(102).code()).isEqualTo(0x007);
      assertThat(admin.run(Capsules.command(0x08, 2, 0).put(CDW10, 4, 102 << 16)).dw0())
          .as("not aborted")
          .isEqualTo(1);
      assertThat(admin.run(Capsules.command(0x08, 3, 0).put(CDW10, 4, 9 << 16 | 1)).dw0())
          .isEqualTo(1);
      admin.send(Capsules.asyncEvent(102));
      assertRefused(admin.run(Capsules.asyncEvent(105)), 0x105, true);
    }
  }

  @Covers("bound.cid")
  @Test
  void aCidInUseIsAConflict() {
    try (RawSession session = session()) {
      session.admin().send(Capsules.asyncEvent(100));
      assertThat(session.admin().run(Capsules.identify(100, 1, 0)).code()).isEqualTo(0x003);
      assertOk(session.admin().run(Capsules.identify(101, 1, 0)));
      RawHost host = session.queue(1);
      host.send(write(5, 1, 0, 1, 4096));
      var r2t = host.receive(5);
      assertThat(host.run(read(5, 1, 0, 1, 4096)).code()).isEqualTo(0x003);
      assertThat(host.run(writeInCapsule(5, 1, 0, 1, new byte[4096])).code()).isEqualTo(0x003);
      host.answer(r2t, pattern(4096, 1), 4096);
      assertOk(host.outcome(5));
      assertThat(host.run(read(5, 1, 0, 1, 4096)).data()).isEqualTo(pattern(4096, 1));
    }
  }

  @Covers({"log.supported", "log.firmware", "log.changed"})
  @Test
  void supportedLogPagesAndEffects() {
    try (RawSession session = session()) {
      ByteBuffer supported = page(session.admin().run(Capsules.getLog(1, 0x00, 0, 1024)));
      for (int lid : new int[] {0x00, 0x01, 0x02, 0x03, 0x04, 0x05}) {
        assertThat(supported.getInt(4 * lid) & 1).as("LID %s", lid).isEqualTo(1);
        assertOk(session.admin().run(Capsules.getLog(2, lid, 0, 64).put(CDW12, 8, 0)));
      }
      assertThat(supported.getInt(4 * 0x70)).isZero();
      ByteBuffer effects = page(session.admin().run(Capsules.getLog(3, 0x05, 0, 4096)));
      assertThat(effects.getInt(4 * 0x06) & 1).as("Identify").isEqualTo(1);
      assertThat(effects.getInt(1024 + 4 * 0x02) & 1).as("Read").isEqualTo(1);
      assertThat(effects.getInt(1024 + 4 * 0x01) & 3).as("Write").isEqualTo(3);
      assertThat(effects.getInt(1024 + 4 * 0x04)).as("Write Uncorrectable").isZero();
    }
  }

  /** Base 5.1.13: allocated namespaces are those that are active; all controllers see them. */
  @Covers({"identify.lists", "identify.namespace"})
  @Test
  void listsOfNamespacesAndControllers() {
    try (RawSession session = session();
        RawSession other = session()) {
      RawHost admin = session.admin();
      assertThat(admin.run(Capsules.identify(1, 0x10, 0)).data())
          .isEqualTo(admin.run(Capsules.identify(2, 0x02, 0)).data());
      assertThat(admin.run(Capsules.identify(3, 0x11, 1)).data())
          .isEqualTo(admin.run(Capsules.identify(4, 0x00, 1)).data());
      int first = Math.min(session.cntlid(), other.cntlid());
      int second = Math.max(session.cntlid(), other.cntlid());
      for (Frame list : new Frame[] {controllers(5, 0x12, 1, 0), controllers(6, 0x13, 0, 0)}) {
        assertThat(ids(admin.run(list))).containsExactly(first, second);
      }
      assertThat(ids(admin.run(controllers(7, 0x13, 0, second)))).containsExactly(second);
      assertThat(ids(admin.run(controllers(8, 0x13, 0, 0xFFFF)))).isEmpty();
      assertRefused(admin.run(controllers(9, 0x12, 5, 0)), 0x00B, true);
      ByteBuffer sets = page(admin.run(Capsules.identify(10, 0x1C, 0)));
      assertThat(sets.getLong(0)).as("the NVM command set").isEqualTo(1);
      assertThat(sets.getLong(8)).isZero();
    }
  }

  private static Frame controllers(int cid, int cns, int nsid, int from) {
    return Capsules.identify(cid, cns, nsid).put(CDW10 + 2, 2, from);
  }

  private static int[] ids(Outcome outcome) {
    ByteBuffer page = page(outcome);
    int[] found = new int[page.getShort(0)];
    for (int i = 0; i < found.length; i++) {
      found[i] = Short.toUnsignedInt(page.getShort(2 + 2 * i));
    }
    return found;
  }

  private static Frame setWithData(int cid, int fid, byte[] data) {
    return Capsules.inCapsule(0x09, cid, 0, data).put(CDW10, 4, fid);
  }

  private static Frame getWithData(int cid, int fid, int bytes) {
    return Capsules.transfer(0x0A, cid, 0, bytes).put(CDW10, 4, fid);
  }

  /** Base 5.1.25.1.7: milliseconds that go on from what the host set; gone with a reset. */
  @Covers("feature.host")
  @Test
  void theTimestampRuns() throws InterruptedException {
    long setMs = 1_795_000_000_000L;
    byte[] data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(setMs).array();
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      ByteBuffer before = page(admin.run(getWithData(1, 0x0E, 8)));
      assertThat(before.get(6)).as("origin").isZero();
      assertThat(before.getLong(0)).isLessThan(600_000);
      assertOk(admin.run(setWithData(2, 0x0E, data)));
      Thread.sleep(20);
      long after = page(admin.run(getWithData(3, 0x0E, 8))).getLong(0);
      assertThat(after >>> 48).as("set by the host").isEqualTo(2);
      assertThat(after & (1L << 48) - 1).isBetween(setMs + 1, setMs + 600_000);
      assertThat(page(admin.run(getWithData(4, 0x10E, 8))).getLong(0)).as("default").isZero();
      assertThat(admin.run(Capsules.getFeature(5, 0x30E)).dw0()).as("changeable").isEqualTo(4);
      session.set(RawSession.DISABLE);
      session.awaitStatus(1, 0);
      session.set(RawSession.ENABLE);
      session.awaitStatus(1, 1);
      assertThat(page(admin.run(getWithData(6, 0x0E, 8))).get(6)).as("after a reset").isZero();
    }
  }

  @Covers("feature.host")
  @Test
  void hostBehaviorIsKept() {
    byte[] acre = new byte[512];
    acre[0] = 1;
    byte[] wrong = new byte[512];
    wrong[2] = 2;
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      assertThat(page(admin.run(getWithData(1, 0x16, 512))).get(0)).isZero();
      assertOk(admin.run(setWithData(2, 0x16, acre)));
      assertRefused(admin.run(setWithData(3, 0x16, wrong)), 0x002, true);
      assertThat(admin.run(getWithData(4, 0x16, 512)).data()).isEqualTo(acre);
      assertRefused(admin.run(setWithData(5, 0x16, new byte[8])), 0x00F, true);
    }
  }
}
