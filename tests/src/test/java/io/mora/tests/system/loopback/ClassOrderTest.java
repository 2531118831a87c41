package io.mora.tests.system.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.Backends;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.loopback.NotingBackend.Started;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A critical command overtakes bulk at each of the places where they could meet, and whoever leaves
 * in the middle leaves nothing. Order is asserted, never time: what is behind is held by a gate, by
 * data that is not sent, or by a socket that is not read.
 */
@Tag("loopback")
class ClassOrderTest {
  private static final int READ = 2;
  private static final int WRITE = 1;
  private static final int BULK = 1;
  private static final int CRITICAL = 2;
  private static final int BULK_BYTES = 128 << 10;
  private static final int BULK_BLOCKS = BULK_BYTES / 4096;
  private static final int LARGE_BYTES = 1 << 20;
  private static final int LARGE_BLOCKS = LARGE_BYTES / 4096;
  private static final int CRITICAL_CID = 1000;

  @RegisterExtension final Evidence evidence = new Evidence();

  private final Queue<Started> log = new ConcurrentLinkedQueue<>();
  private final List<NotingBackend> storages = new ArrayList<>();

  private TargetFixture target(TransportKind kind) {
    assumeTrue(kind.available(), () -> kind.configName() + ": " + kind.unavailableReason());
    NamespaceSpec bulk = namespace(BULK, LatencyClass.BULK, new BackendSpec.Null(1L << 32));
    NamespaceSpec critical =
        namespace(CRITICAL, LatencyClass.CRITICAL, new BackendSpec.Memory(1 << 20));
    TargetFixture target =
        evidence.closing(
            TargetFixture.start(
                Served.on(1)
                    .with(kind)
                    .listening(0)
                    .withSubsystems(
                        List.of(
                            SubsystemSpec.openToAll(Served.SUBSYSTEM, List.of(bulk, critical)))),
                (options, transport) -> {
                  NotingBackend gated =
                      new NotingBackend(
                          storages.isEmpty() ? "bulk" : "critical",
                          Backends.open(options, transport),
                          log);
                  storages.add(gated);
                  return gated;
                }));
    evidence.offer("target.txt", target::state);
    return target;
  }

  private static NamespaceSpec namespace(int nsid, LatencyClass ioClass, BackendSpec backend) {
    return NamespaceSpec.of(Served.SUBSYSTEM, nsid, 4096, backend)
        .withPolicy(new NamespacePolicy(ioClass, LatencyModeSpec.BOUNDED, true));
  }

  private static RawSession session(TargetFixture target) {
    return RawSession.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()),
        Served.SUBSYSTEM.value());
  }

  private static Frame read(int cid, int nsid, long slba, int blocks) {
    return Capsules.blocks(Capsules.transfer(READ, cid, nsid, blocks * 4096), slba, blocks);
  }

  private static Frame write(int cid, int nsid, long slba, int blocks) {
    return Capsules.blocks(Capsules.transfer(WRITE, cid, nsid, blocks * 4096), slba, blocks);
  }

  /** Ten bulk commands and, last in the same segment, one critical. */
  private static Frame[] together(boolean writes, int nBulk) {
    Frame[] frames = new Frame[nBulk + 1];
    for (int i = 0; i < nBulk; i++) {
      long slba = (long) i * BULK_BLOCKS;
      frames[i] = writes ? write(i, BULK, slba, BULK_BLOCKS) : read(i, BULK, slba, BULK_BLOCKS);
    }
    frames[nBulk] =
        writes ? write(CRITICAL_CID, CRITICAL, 0, BULK_BLOCKS) : read(CRITICAL_CID, CRITICAL, 0, 1);
    return frames;
  }

  @ParameterizedTest
  @EnumSource
  void theDeviceGetsItFirstAndBulkInPieces(TransportKind kind) {
    TargetFixture target = target(kind);
    try (RawSession session = session(target)) {
      RawHost host = session.queue(1);
      host.sendTogether(together(false, 10));
      List<Integer> ends = new ArrayList<>();
      while (ends.size() < 11) {
        Received pdu = host.receive();
        if (pdu.type() == Received.CAPSULE_RESP) {
          ends.add(pdu.cid());
        }
      }
      assertThat(ends).first().isEqualTo(CRITICAL_CID);
    }
    List<Started> started = List.copyOf(log);
    assertThat(started).first().extracting(Started::name).isEqualTo("critical");
    List<Started> bulk = started.stream().filter(one -> one.name().equals("bulk")).toList();
    assertThat(bulk).hasSizeGreaterThan(10).allMatch(one -> one.op() == IoRequest.READ);
    assertThat(bulk.stream().mapToLong(Started::lengthBytes).sum()).isEqualTo(10L * BULK_BYTES);
    target.awaitNothingLent();
  }

  /** No data has been sent for any write: the critical one is asked for its data all the same. */
  @ParameterizedTest
  @EnumSource
  void itIsAskedForDataWhileBulkWaitsForLeave(TransportKind kind) {
    int bulk = 40;
    TargetFixture target = target(kind);
    try (RawSession session = session(target)) {
      RawHost host = session.queue(1);
      host.sendTogether(together(true, bulk));
      Received critical = host.receive(CRITICAL_CID);
      assertThat(critical.type()).isEqualTo(Received.R2T);
      byte[] data = new byte[BULK_BYTES];
      host.answer(critical, data, BULK_BYTES);
      host.writeOn(CRITICAL_CID, data);
      assertThat(log).extracting(Started::name).contains("critical").doesNotContain("bulk");
      for (int i = 0; i < bulk; i++) {
        assertThat(host.writeOn(i, data).code()).isZero();
      }
    }
    target.awaitNothingLent();
  }

  /** Forty MiB of replies nobody takes; then one more command, whose reply is not the last. */
  @ParameterizedTest
  @EnumSource
  void itsReplyGoesBetweenThoseOfBulk(TransportKind kind) {
    int bulk = 40;
    TargetFixture target = target(kind);
    try (RawSession session = session(target)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < bulk; i++) {
        host.send(read(i, BULK, 0, LARGE_BLOCKS));
      }
      Waiting.until("some bulk is read", () -> !log.isEmpty());
      host.send(read(CRITICAL_CID, CRITICAL, 0, 1));
      Waiting.until(
          "the critical read started",
          () -> log.stream().anyMatch(one -> one.name().equals("critical")));
      int after = 0;
      boolean seen = false;
      int ends = 0;
      while (ends <= bulk) {
        Received pdu = host.receive();
        boolean end = pdu.type() == Received.CAPSULE_RESP;
        ends += end ? 1 : 0;
        if (end && pdu.cid() == CRITICAL_CID) {
          seen = true;
        } else if (end && seen) {
          after++;
        }
      }
      assertThat(after).as("bulk commands answered after the critical one").isPositive();
    }
    target.awaitNothingLent();
  }

  /** Leaving while replies are half sent, others wait for buffers and writes for leave. */
  @ParameterizedTest
  @EnumSource
  void whoLeavesHalfwayLeavesNothing(TransportKind kind) {
    TargetFixture target = target(kind);
    try (RawSession session = session(target)) {
      RawHost host = session.queue(1);
      RawHost writer = session.queue(2);
      for (int i = 0; i < 40; i++) {
        host.send(read(i, BULK, 0, LARGE_BLOCKS));
        writer.send(write(i, BULK, 0, LARGE_BLOCKS));
      }
      Received r2t = writer.receive(0);
      writer.send(Capsules.h2cData(0, r2t.u16(10), 0, new byte[4096]));
      host.receive();
    }
    target.awaitNothingLent();
    Waiting.until("connections gone", () -> target.target().connections() == 0);
  }

  /** Leaving while pieces are at the device and others behind them are not. */
  @ParameterizedTest
  @EnumSource
  void whoLeavesWithPiecesAtTheDeviceLeavesNothing(TransportKind kind) {
    TargetFixture target = target(kind);
    NotingBackend bulk = storages.get(0);
    bulk.shut();
    try (RawSession session = session(target)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 16; i++) {
        host.send(read(i, BULK, 0, LARGE_BLOCKS));
      }
      Waiting.until("pieces are at the device", () -> log.size() > 2);
      // A reset drops the queue; it is over only when the device has let go.
      session.set(RawSession.DISABLE);
      assertThat(host.isAtEnd()).isTrue();
      assertThat(target.target().lentBytes()).isPositive();
      bulk.open();
      session.awaitStatus(1, 0);
    }
    target.awaitNothingLent();
  }
}
