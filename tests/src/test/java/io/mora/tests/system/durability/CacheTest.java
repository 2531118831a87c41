package io.mora.tests.system.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.status.Status;
import io.mora.target.backend.Backends;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.RecordingBackend;
import io.mora.target.backend.RecordingBackend.Event;
import io.mora.target.backend.RecordingBackend.Kind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The volatile write cache: what turning it off and shutting down promise, and what a host is told
 * when the storage cannot keep the promise.
 */
@Tag("durability")
class CacheTest {
  private static final int BLOCK = 4096;
  private static final int SIZE = 256 * BLOCK;
  private static final int CACHE = 0x06;
  private static final int FAULT = Status.WRITE_FAULT;

  private static final int RDY = 1;
  private static final int CFS = 2;
  private static final int SHST = 0xC;
  private static final int SHN_NORMAL = 1 << 14;

  @RegisterExtension final Evidence evidence = new Evidence();

  @SuppressWarnings("NullAway.Init") // before each
  private GatedBackend gate;

  @SuppressWarnings("NullAway.Init") // before each
  private RecordingBackend medium;

  @SuppressWarnings("NullAway.Init") // before each
  private TargetFixture target;

  @BeforeEach
  void serve() {
    Served served = Served.on(2).withMemory(SIZE, BLOCK);
    target =
        evidence.closing(
            TargetFixture.start(
                served.listening(0),
                (options, transport) -> {
                  medium = new RecordingBackend(Backends.open(options, transport));
                  gate = new GatedBackend(medium);
                  return gate;
                }));
  }

  private RawSession session() {
    return RawSession.open(address(), Served.SUBSYSTEM.value());
  }

  private InetSocketAddress address() {
    return target.target().listeners().get(0).address();
  }

  private static byte[] block(int seed) {
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, (byte) seed);
    return data;
  }

  private static void write(RawHost queue, int lba, int seed) {
    Outcome outcome =
        queue.run(Capsules.blocks(Capsules.inCapsule(0x01, queue.cid(), 1, block(seed)), lba, 1));
    assertThat(outcome.code()).isZero();
  }

  private Event last(Kind kind) {
    List<Event> events = medium.log().stream().filter(event -> event.kind() == kind).toList();
    return events.get(events.size() - 1);
  }

  /** The reply comes after the flush, and what was written before survives a loss of power then. */
  @Covers("feature.cache")
  @Test
  void turningTheCacheOffFlushesFirstAndForcesEveryWriteAfterwards() {
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      write(queue, 3, 1);
      assertThat(last(Kind.WRITE).forced()).isFalse();
      gate.hold(IoRequest.FLUSH);
      RawHost admin = session.admin();
      admin.send(Capsules.setFeature(100, CACHE, 0));
      Waiting.until("the flush", () -> gate.held() == 1);
      admin.send(Capsules.keepAlive(101));
      assertThat(admin.receive().u16(8 + 12)).as("CID of the first reply").isEqualTo(101);
      gate.release();
      assertThat(admin.outcome(100).code()).isZero();
      byte[] after = RecordingBackend.mediumAfter(medium.log(), event -> false, SIZE);
      assertThat(Arrays.copyOfRange(after, 3 * BLOCK, 4 * BLOCK)).isEqualTo(block(1));
      assertThat(admin.run(Capsules.getFeature(102, CACHE)).dw0()).isZero();
      write(queue, 4, 2);
      assertThat(last(Kind.WRITE).forced()).isTrue();
      assertThat(admin.run(Capsules.setFeature(103, CACHE, 1)).code()).isZero();
      write(queue, 5, 3);
      assertThat(last(Kind.WRITE).forced()).isFalse();
    }
  }

  @Covers("feature.cache")
  @Test
  void theCacheStaysOnWhenItCannotBeFlushed() {
    gate.fail(IoRequest.FLUSH, FAULT);
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      RawHost admin = session.admin();
      assertThat(admin.run(Capsules.setFeature(100, CACHE, 0)).code()).isEqualTo(0x280);
      assertThat(admin.run(Capsules.getFeature(101, CACHE)).dw0()).isEqualTo(1);
      write(queue, 0, 1);
      assertThat(last(Kind.WRITE).forced()).as("the cache is on").isFalse();
      ByteBuffer log =
          ByteBuffer.wrap(admin.run(Capsules.getLog(102, 0x01, 0, 128)).data())
              .order(ByteOrder.LITTLE_ENDIAN);
      assertThat(log.getShort(8)).as("SQID of the newest: the command").isZero();
      assertThat(log.getShort(64 + 8) & 0xFFFF).as("SQID of the flush: none").isEqualTo(0xFFFF);
      assertThat(log.getInt(64 + 24)).as("its namespace").isEqualTo(1);
      gate.fail(IoRequest.FLUSH, Status.SUCCESS);
      assertThat(admin.run(Capsules.setFeature(103, CACHE, 0)).code()).isZero();
      write(queue, 0, 2);
      assertThat(last(Kind.WRITE).forced()).isTrue();
    }
  }

  /** The second finds the cache as good as off, but may not say so before it is. */
  @Covers("feature.cache")
  @Test
  void twoThatTurnItOffBothWait() {
    gate.hold(IoRequest.FLUSH);
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      admin.send(Capsules.setFeature(100, CACHE, 0));
      admin.send(Capsules.setFeature(101, CACHE, 0));
      Waiting.until("two flushes", () -> gate.held() == 2);
      gate.fail(IoRequest.FLUSH, FAULT);
      gate.release();
      assertThat(admin.outcome(100).code()).isEqualTo(0x280);
      assertThat(admin.outcome(101).code()).isEqualTo(0x280);
      assertThat(admin.run(Capsules.getFeature(102, CACHE)).dw0()).isEqualTo(1);
    }
  }

  @Covers("state")
  @Test
  void aShutdownThatCannotFlushIsOverAndFatal() {
    try (RawSession session = session()) {
      write(session.queue(1), 0, 1);
      gate.fail(IoRequest.FLUSH, FAULT);
      session.set(RawSession.ENABLE | SHN_NORMAL);
      session.awaitStatus(SHST, 8);
      assertThat(session.status() & CFS).isEqualTo(CFS);
      gate.fail(IoRequest.FLUSH, Status.SUCCESS);
      session.set(RawSession.DISABLE);
      session.awaitStatus(RDY, 0);
      session.enable();
      assertThat(session.status()).isEqualTo(RDY);
      ByteBuffer log =
          ByteBuffer.wrap(session.admin().run(Capsules.getLog(1, 0x01, 0, 64)).data())
              .order(ByteOrder.LITTLE_ENDIAN);
      assertThat(log.getShort(10) & 0xFFFF).as("CID: none").isEqualTo(0xFFFF);
      assertThat((log.getShort(12) & 0xFFFF) >>> 1 & 0x7FF).isEqualTo(0x280);
      session.set(RawSession.ENABLE | SHN_NORMAL);
      session.awaitStatus(SHST | CFS, 8);
    }
  }

  /** RDY falls, or rises for a successor, only when no earlier write can land any more. */
  @Covers({"state", "bound.reset"})
  @Test
  void aResetWaitsForWritesAtTheDevice() {
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      gate.hold(IoRequest.WRITE);
      queue.send(Capsules.blocks(Capsules.inCapsule(0x01, 1, 1, block(1)), 0, 1));
      Waiting.until("the write", () -> gate.held() == 1);
      session.set(RawSession.DISABLE);
      assertThat(queue.isAtEnd()).isTrue();
      for (int i = 0; i < 20; i++) {
        assertThat(session.status() & RDY).as("RDY while a write is at the device").isEqualTo(RDY);
      }
      gate.release();
      session.awaitStatus(RDY, 0);
      assertSecondWriteLasts(session);
    }
  }

  @Covers("state")
  @Test
  void aNewAssociationWaitsForItsPredecessorsWrites() throws IOException {
    gate.hold(IoRequest.WRITE);
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      queue.send(Capsules.blocks(Capsules.inCapsule(0x01, 1, 1, block(1)), 0, 1));
      Waiting.until("the write", () -> gate.held() == 1);
    }
    Waiting.until("connections gone", () -> target.target().connections() == 0);
    String nqn = Served.SUBSYSTEM.value();
    try (RawSession session =
        RawSession.connect(address(), nqn, Capsules.connect(0, 0xFFFF, nqn), 0)) {
      session.set(RawSession.ENABLE);
      for (int i = 0; i < 20; i++) {
        assertThat(session.status()).as("CSTS while the predecessor's write lives").isZero();
      }
      gate.release();
      session.awaitStatus(RDY, RDY);
      assertSecondWriteLasts(session);
    }
  }

  private static void assertSecondWriteLasts(RawSession session) {
    if ((session.status() & RDY) == 0) {
      session.enable();
    }
    RawHost queue = session.queue(1);
    write(queue, 0, 2);
    Outcome read = queue.run(Capsules.blocks(Capsules.transfer(0x02, 50, 1, BLOCK), 0, 1));
    assertThat(read.data()).isEqualTo(block(2));
  }
}
