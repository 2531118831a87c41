package io.mora.tests.system.conformance.fused;

import static io.mora.tests.system.conformance.fused.Pairs.COMPARE_FAILURE;
import static io.mora.tests.system.conformance.fused.Pairs.FAILED;
import static io.mora.tests.system.conformance.fused.Pairs.first;
import static io.mora.tests.system.conformance.fused.Pairs.second;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Conformance;
import io.mora.tests.system.conformance.Setup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Pairs of several hosts at once, with writes beside them: the arithmetic has to come out. */
@Covers("fused")
class FusedRaceTest extends Conformance {
  private static final int SIZE = 512;
  private static final int NSID = Setup.NSID_512;
  private static final int HOSTS = 3;

  /** Each host's. */
  private static final int INCREMENTS = 1000;

  static byte[] counter(long value) {
    return ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value).array();
  }

  private static long value(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  static long count(RawHost host, long slba) {
    return value(host.run(read(500, NSID, slba, 1, SIZE)).data());
  }

  /** Adds one to a block as a cluster takes a lock: reads, and replaces what it has read. */
  static void increment(RawHost host, long slba) {
    while (true) {
      long seen = count(host, slba);
      host.sendTogether(
          first(10, NSID, slba, counter(seen)), second(11, NSID, slba, counter(seen + 1)));
      Outcome compare = host.outcome(10);
      Outcome write = host.outcome(11);
      if (compare.code() == 0) {
        assertOk(write);
        return;
      }
      assertRefused(compare, COMPARE_FAILURE, true);
      assertRefused(write, FAILED, true);
    }
  }

  @Test
  void noIncrementIsLost() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    List<RawSession> sessions = new ArrayList<>();
    try {
      AtomicBoolean over = new AtomicBoolean();
      RawHost zero = open(sessions, 1);
      assertOk(zero.run(writeInCapsule(1, NSID, 0, 8, new byte[8 * SIZE])));
      List<Future<?>> adders = new ArrayList<>();
      for (int i = 0; i < HOSTS; i++) {
        RawHost host = open(sessions, 1 + i);
        adders.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < INCREMENTS; n++) {
                    increment(host, 3);
                  }
                }));
      }
      // Its neighbours, in the same page: written by nobody else, so a plain write each will do.
      List<Future<Long>> neighbours = new ArrayList<>();
      for (long slba : new long[] {2, 4}) {
        RawHost host = open(sessions, (int) slba);
        neighbours.add(threads.submit(() -> writeOn(host, slba, over)));
      }
      for (Future<?> adder : adders) {
        adder.get();
      }
      over.set(true);
      assertThat(neighbours.get(0).get()).isEqualTo(count(zero, 2)).isPositive();
      assertThat(neighbours.get(1).get()).isEqualTo(count(zero, 4)).isPositive();
      assertThat(count(zero, 3)).isEqualTo((long) HOSTS * INCREMENTS);
    } finally {
      threads.shutdownNow();
      sessions.forEach(RawSession::close);
    }
  }

  private static long writeOn(RawHost host, long slba, AtomicBoolean over) {
    long written = 0;
    while (!over.get()) {
      written++;
      assertOk(host.run(writeInCapsule(1, NSID, slba, 1, counter(written))));
      assertThat(count(host, slba)).isEqualTo(written);
    }
    return written;
  }

  private static RawHost open(List<RawSession> sessions, int qid) {
    RawSession session = session();
    sessions.add(session);
    return session.queue(qid);
  }
}
