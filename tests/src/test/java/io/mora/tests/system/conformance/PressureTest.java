package io.mora.tests.system.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** More in flight than there are buffers: everything waits its turn and nothing for ever. */
@Covers("bound.memory")
class PressureTest extends Conformance {
  private static final int BYTES = Setup.MDTS_BYTES;
  private static final int BLOCKS = BYTES / 4096;

  /** More writes of the largest size than the buffers of one shard hold. */
  private static final int WRITES = 40;

  /**
   * Writes that wait for their data hold all buffers; a write with its data in the capsule must not
   * stop the connection their data comes by.
   */
  @Test
  void capsuleDataDoesNotWaitForDataBehindIt() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      for (int i = 0; i < WRITES; i++) {
        host.send(write(i, Setup.NSID_NULL, i * (long) BLOCKS, BLOCKS, BYTES));
      }
      host.send(writeInCapsule(100, Setup.NSID_4K, 0, 4, pattern(Setup.IN_CAPSULE, 3)));
      byte[] data = pattern(BYTES, 1);
      for (int i = 0; i < WRITES; i++) {
        assertOk(host.writeOn(i, data));
      }
      assertOk(host.outcome(100));
      byte[] stored = host.run(read(101, Setup.NSID_4K, 0, 4, Setup.IN_CAPSULE)).data();
      assertThat(stored).isEqualTo(pattern(Setup.IN_CAPSULE, 3));
    }
  }

  /** The same across connections: each waits for what the other holds. */
  @Test
  void connectionsDoNotWaitForEachOther() {
    try (RawSession session = session()) {
      RawHost[] hosts = {session.queue(1), session.queue(2), session.queue(3), session.queue(4)};
      for (RawHost host : hosts) {
        for (int i = 0; i < WRITES / 2; i++) {
          host.send(write(i, Setup.NSID_NULL, i * (long) BLOCKS, BLOCKS, BYTES));
        }
        host.send(writeInCapsule(100, Setup.NSID_4K, 0, 1, pattern(4096, 3)));
      }
      byte[] data = pattern(BYTES, 1);
      for (int i = 0; i < WRITES / 2; i++) {
        for (RawHost host : hosts) {
          assertOk(host.writeOn(i, data));
        }
      }
      for (RawHost host : hosts) {
        assertOk(host.outcome(100));
      }
    }
  }

  /** A host that asks for more than it takes is not read from until it takes. */
  @Covers("bound.data")
  @Test
  void repliesWaitForAHostThatDoesNotRead() {
    try (RawSession session = session();
        RawSession other = session()) {
      RawHost host = session.queue(1);
      RawHost healthy = other.queue(1);
      for (int i = 0; i < 120; i++) {
        host.send(read(i, Setup.NSID_NULL, 0, BLOCKS, BYTES));
      }
      for (int i = 0; i < 10; i++) {
        assertOk(healthy.run(read(i, Setup.NSID_4K, 0, 1, 4096)));
      }
      for (int i = 0; i < 120; i++) {
        assertThat(host.outcome(i).data()).hasSize(BYTES);
      }
    }
  }

  /** What waited for a buffer is let go when its host leaves. */
  @Test
  void aHostThatLeavesLeavesNothing() {
    for (int round = 0; round < 3; round++) {
      try (RawSession session = session()) {
        RawHost host = session.queue(1);
        for (int i = 0; i < WRITES; i++) {
          host.send(write(i, Setup.NSID_NULL, 0, BLOCKS, BYTES));
        }
        for (int i = WRITES; i < 2 * WRITES; i++) {
          host.send(read(i, Setup.NSID_NULL, 0, BLOCKS, BYTES));
        }
        Received r2t = host.receive(0);
        byte[] half = new byte[4096];
        host.send(Capsules.h2cData(0, r2t.u16(10), 0, half));
        byte[] cut = host.encode(writeInCapsule(99, 1, 0, 4, pattern(Setup.IN_CAPSULE, 1)));
        host.sendBytes(Arrays.copyOf(cut, 1000 * (round + 1)));
      }
    }
  }
}
