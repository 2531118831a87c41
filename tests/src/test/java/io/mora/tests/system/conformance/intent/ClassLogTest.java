package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static io.mora.tests.system.conformance.intent.IntentSession.STEP;
import static io.mora.tests.system.conformance.intent.IntentSession.read;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** 6.9: logs E0h and E1h, byte by byte. */
@Covers("intent.log")
class ClassLogTest extends IntentConformance {
  private static final String UUID = "19021daf207e5e4a825084cca66dd32b";
  private static final int LENGTH = 256 + 8 * 1024;
  private static final int RESET = 8;

  /** Budgets of class 7: 1 us, and 134 s. */
  private static final int SHORTEST = 1;

  private static final int LONGEST = 0xFFFF;

  private static Frame log(RawHost admin, int lsp, int lsi, int nsid) {
    return Capsules.getLog(admin.cid(), 0xE0, 0, LENGTH)
        .put(SQE + 4, 4, nsid)
        .put(CDW10 + 1, 1, lsp)
        .put(CDW11 + 2, 2, lsi);
  }

  private static ByteBuffer page(Outcome outcome) {
    assertOk(outcome);
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(ByteBuffer page, int from, int length) {
    byte[] bytes = new byte[length];
    page.get(from, bytes);
    return bytes;
  }

  private static ByteBuffer record(IntentSession session, int lsp, int lsi, int nsid, int index) {
    ByteBuffer page = page(session.admin().run(log(session.admin(), lsp, lsi, nsid)));
    return page.slice(256 + 1024 * index, 1024).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A reply is counted once it has left, perhaps just after the host has it. */
  private static void await(IntentSession session, int index, int offset, long count) {
    Waiting.until(
        "count " + count + " at " + offset + " of record " + index,
        () -> record(session, 0, 0, 0, index).getLong(offset) >= count);
    assertThat(record(session, 0, 0, 0, index).getLong(offset)).isEqualTo(count);
  }

  @Test
  void theHeader() {
    try (IntentSession session = session(IntentSetup.TRUSTED)) {
      ByteBuffer page = page(session.admin().run(log(session.admin(), 0, 0, 0)));
      assertThat(HexFormat.of().formatHex(bytes(page, 0, 16))).isEqualTo(UUID);
      assertThat(page.get(16)).as("version").isEqualTo((byte) 1);
      assertThat(page.get(17)).as("classes").isEqualTo((byte) 8);
      assertThat(page.get(18)).as("buckets").isEqualTo((byte) 96);
      assertThat(page.getInt(20)).as("generation").isEqualTo(session.inForce() >>> 16);
      assertThat(page.getLong(24)).as("window start").isPositive();
      long uptime = page.getLong(32);
      assertThat(uptime).isPositive();
      assertThat(bytes(page, 40, 216)).containsOnly(0);
      page = page(session.admin().run(log(session.admin(), 0, 0, 0)));
      assertThat(page.getLong(32)).as("uptime").isGreaterThanOrEqualTo(uptime);
    }
  }

  /** The counters of a record, and where they are. */
  @Test
  void theRecords() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 5; i++) {
        assertOk(read(host, IntentSetup.PLAIN, LONGEST, wish(6)));
      }
      for (int i = 0; i < 3; i++) {
        assertOk(read(host, IntentSetup.PLAIN, LONGEST, wish(2) | STEP | 9));
      }
      assertOk(read(host, IntentSetup.PLAIN, 0, 0));
      await(session, 0, 0, 1);
      await(session, 2, 0, 3);
      await(session, 6, 0, 5);
      ByteBuffer low = record(session, 0, 0, 0, 6);
      assertThat(low.getLong(8)).as("bytes").isEqualTo(5 * 4096);
      assertThat(low.getLong(16)).as("misses of 134 s").isZero();
      assertThat(low.getLong(56)).as("step-critical").isZero();
      assertThat(low.getInt(96)).as("p50").isPositive();
      assertThat(low.getInt(100)).as("p99").isGreaterThanOrEqualTo(low.getInt(96));
      assertThat(low.getInt(104)).as("p99.9").isGreaterThanOrEqualTo(low.getInt(100));
      assertThat(bytes(low, 124, 132)).containsOnly(0);
      ByteBuffer bulk = record(session, 0, 0, 0, 2);
      assertThat(bulk.getLong(56)).as("step-critical").isEqualTo(3);
      assertThat(bulk.getLong(64)).as("step-critical misses").isZero();
      assertThat(bulk.getLong(88)).as("churn: unknown registrations").isEqualTo(3);
      for (int index : new int[] {1, 3, 4, 5, 7}) {
        assertThat(record(session, 0, 0, 0, index).getLong(0)).as("record %s", index).isZero();
      }
    }
  }

  /** DOWNGRADED, and misses that are due: a microsecond is hard to keep. */
  @Test
  void whatWentWrong() {
    try (IntentSession session = session(IntentSetup.COARSE).optIn(0)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 4; i++) {
        assertOk(read(host, IntentSetup.PLAIN, LONGEST, wish(7)));
      }
      await(session, 5, 0, 4);
      assertThat(record(session, 0, 0, 0, 5).getLong(32)).as("downgraded").isEqualTo(4);
      Waiting.until(
          "a miss",
          () -> {
            assertOk(read(host, IntentSetup.PLAIN, SHORTEST, wish(1) | STEP));
            ByteBuffer record = record(session, 0, 0, 0, 1);
            assertThat(record.getLong(64)).as("step").isEqualTo(record.getLong(16));
            return record.getLong(16) > 0;
          });
    }
  }

  /** LSP chooses the histogram; each holds a sample of every command that went that way. */
  @Test
  void theHistograms() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 20; i++) {
        assertOk(read(host, IntentSetup.PLAIN, 0, wish(4)));
      }
      await(session, 4, 0, 20);
      for (int lsp = 0; lsp < 4; lsp++) {
        ByteBuffer record = record(session, lsp, 0, 0, 4);
        long samples = 0;
        for (int bucket = 0; bucket < 96; bucket++) {
          samples += record.getLong(256 + 8 * bucket);
        }
        // The device may be done within the tick of the clock, and then has no time to tell.
        assertThat(samples).as("histogram %s", lsp).isBetween(lsp == 0 || lsp == 3 ? 20L : 0, 20L);
        assertThat(record.getLong(0)).as("commands, with any histogram").isEqualTo(20);
      }
      // p50 is the end of the bucket that holds the tenth: edges by the formula of 6.9.
      ByteBuffer total = record(session, 0, 0, 0, 4);
      long seen = 0;
      int bucket = -1;
      while (seen < 10) {
        seen += total.getLong(256 + 8 * ++bucket);
      }
      assertThat(total.getInt(96)).isEqualTo((int) edge(bucket + 1));
    }
  }

  private static long edge(int b) {
    return (b < 4 ? b : (4L + b % 4) << (b / 4 - 1)) * 256;
  }

  /** LSI is a QID, NSID a namespace; both together both. */
  @Test
  void byQueueAndNamespace() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost one = session.queue(1);
      RawHost two = session.queue(2);
      assertOk(read(one, IntentSetup.PLAIN, 0, wish(4)));
      assertOk(read(two, IntentSetup.PLAIN, 0, wish(4)));
      assertOk(read(two, IntentSetup.BULK_NAMESPACE, 0, wish(4)));
      await(session, 4, 0, 3);
      assertThat(record(session, 0, 1, 0, 4).getLong(0)).isEqualTo(1);
      assertThat(record(session, 0, 2, -1, 4).getLong(0)).isEqualTo(2);
      assertThat(record(session, 0, 0, IntentSetup.PLAIN, 4).getLong(0)).isEqualTo(2);
      assertThat(record(session, 0, 2, IntentSetup.PLAIN, 4).getLong(0)).isEqualTo(1);
      assertThat(record(session, 0, 1, IntentSetup.BULK_NAMESPACE, 4).getLong(0)).isZero();
      RawHost admin = session.admin();
      assertRefused(admin.run(log(admin, 0, 4, 0)), 0x002, true);
      assertRefused(admin.run(log(admin, 0, 0xFFFF, 0)), 0x002, true);
      assertRefused(admin.run(log(admin, 0, 0, 99)), 0x00B, true);
      assertRefused(admin.run(log(admin, 4, 0, 0)), 0x002, true);
    }
  }

  /** LSP bit 3: the next reading counts from zero, and the window starts then. */
  @Test
  void resetAfterTheRead() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      assertOk(read(host, IntentSetup.PLAIN, 0, wish(4)));
      await(session, 4, 0, 1);
      ByteBuffer last = page(session.admin().run(log(session.admin(), RESET, 0, 0)));
      assertThat(last.getLong(256 + 4 * 1024)).as("told once more").isEqualTo(1);
      ByteBuffer next = page(session.admin().run(log(session.admin(), 0, 0, 0)));
      assertThat(next.getLong(256 + 4 * 1024)).isZero();
      assertThat(next.getLong(24)).isGreaterThanOrEqualTo(last.getLong(24));
      assertOk(read(host, IntentSetup.PLAIN, 0, wish(4)));
      await(session, 4, 0, 1);
      RawHost admin = session.admin();
      Frame beyond = Capsules.getLog(admin.cid(), 0xE0, LENGTH + 4, 64).put(CDW10 + 1, 1, RESET);
      assertRefused(admin.run(beyond), 0x002, true);
      assertThat(record(session, 0, 0, 0, 4).getLong(0)).as("no read, no reset").isEqualTo(1);
    }
  }

  /** Registrations made and removed: of their namespace, of no queue, and reset as the rest. */
  @Test
  void churnOfRegistrations() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      assertOk(session.register(IntentSetup.PLAIN, 1, 0, 8, 0));
      assertOk(session.register(IntentSetup.PLAIN, 1, 8, 8, 0));
      assertOk(session.register(IntentSetup.BULK_NAMESPACE, 2, 0, 8, 0));
      assertOk(read(host, IntentSetup.PLAIN, 0, wish(4) | 9));
      await(session, 4, 88, 5);
      assertThat(record(session, 0, 0, IntentSetup.PLAIN, 4).getLong(88)).isEqualTo(4);
      assertThat(record(session, 0, 0, IntentSetup.BULK_NAMESPACE, 4).getLong(88)).isEqualTo(1);
      assertThat(record(session, 0, 1, 0, 4).getLong(88)).as("named stale").isEqualTo(1);
      assertThat(record(session, RESET, 0, 0, 4).getLong(88)).as("told once more").isEqualTo(5);
      assertThat(record(session, 0, 0, 0, 4).getLong(88)).isZero();
      assertThat(record(session, 0, 0, IntentSetup.PLAIN, 4).getLong(88))
          .as("another scope")
          .isEqualTo(4);
      assertOk(session.register(IntentSetup.PLAIN, 3, 0, 8, 0));
      assertThat(record(session, 0, 0, 0, 4).getLong(88)).isEqualTo(1);
    }
  }

  /** 6.13: a host sees its own traffic only. */
  @Test
  void nobodyElsesTraffic() {
    try (IntentSession one = session(IntentSetup.TRUSTED).optIn(0);
        IntentSession other = session(IntentSetup.COARSE).optIn(0)) {
      assertOk(read(one.queue(1), IntentSetup.PLAIN, 17 << 16, wish(4)));
      await(one, 4, 0, 1);
      assertThat(record(other, 0, 0, 0, 4).getLong(0)).isZero();
      assertThat(page(other.admin().run(Capsules.getLog(1, 0xE1, 0, 64))).getInt(16)).isZero();
    }
  }

  /** Log E1h: header 64, 32 bytes a flow, the busiest first; a table that does not grow. */
  @Test
  void theFlows() {
    try (IntentSession session = session(IntentSetup.TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      RawHost admin = session.admin();
      for (int i = 0; i < 6; i++) {
        assertOk(read(host, IntentSetup.PLAIN, 17 << 16 | LONGEST, wish(5)));
        assertOk(read(host, IntentSetup.PLAIN, i < 2 ? 40000 << 16 | LONGEST : 0, wish(3)));
      }
      await(session, 5, 0, 6);
      await(session, 3, 0, 6);
      ByteBuffer page = page(admin.run(Capsules.getLog(admin.cid(), 0xE1, 0, 64 + 64)));
      assertThat(HexFormat.of().formatHex(bytes(page, 0, 16))).isEqualTo(UUID);
      assertThat(page.getInt(16)).as("count").isEqualTo(2);
      assertThat(bytes(page, 20, 44)).containsOnly(0);
      assertFlow(page, 64, 17, 5, 6);
      assertFlow(page, 96, 40000, 3, 2);
      for (int flow = 1; flow < 400; flow++) {
        assertOk(read(host, IntentSetup.PLAIN, flow << 16, wish(3)));
      }
      page = page(admin.run(Capsules.getLog(admin.cid(), 0xE1, 0, 64)));
      byte[] controller = admin.run(Capsules.identify(admin.cid(), 1, 0)).data();
      int tracked = controller[3072 + 66] & 0xFF | (controller[3072 + 67] & 0xFF) << 8;
      assertThat(page.getInt(16)).isBetween(1, tracked);
    }
  }

  private static void assertFlow(ByteBuffer page, int at, int flow, int latencyClass, int count) {
    assertThat(page.getShort(at) & 0xFFFF).as("flow").isEqualTo(flow);
    assertThat(page.get(at + 2)).as("class").isEqualTo((byte) latencyClass);
    assertThat(page.get(at + 3)).isZero();
    assertThat(page.getInt(at + 4)).as("commands").isEqualTo(count);
    assertThat(page.getInt(at + 8)).as("misses").isZero();
    assertThat(page.getInt(at + 12)).as("p99").isPositive();
    assertThat(page.getLong(at + 24)).isZero();
  }
}
