package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.CDW12;
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
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.1 and 3.2: the NVM commands, their ranges and what they refuse. */
class IoCommandsTest extends Conformance {
  private static final int COMPARE = 0x05;
  private static final int WRITE_ZEROES = 0x08;
  private static final int DSM = 0x09;

  private static Frame compare(int cid, int nsid, long slba, int blocks, byte[] data) {
    return Capsules.blocks(Capsules.inCapsule(COMPARE, cid, nsid, data), slba, blocks);
  }

  private static Frame writeZeroes(int cid, int nsid, long slba, int blocks) {
    return Capsules.blocks(Capsules.command(WRITE_ZEROES, cid, nsid), slba, blocks);
  }

  private static byte[] range(int blocks, long slba) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0)
        .putInt(blocks)
        .putLong(slba)
        .array();
  }

  @Covers({"read", "write", "compare", "zeroes"})
  @ParameterizedTest
  @ValueSource(ints = {Setup.NSID_4K, Setup.NSID_512})
  void theLastBlockIsTheLast(int nsid) {
    int size = nsid == Setup.NSID_512 ? 512 : 4096;
    long blocks = Setup.SIZE_BYTES / size;
    byte[] data = pattern(size, nsid);
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertOk(host.run(writeInCapsule(1, nsid, blocks - 1, 1, data)));
      assertThat(host.run(read(2, nsid, blocks - 1, 1, size)).data()).isEqualTo(data);
      assertRefused(host.run(read(3, nsid, blocks - 1, 2, 2 * size)), 0x080, true);
      assertRefused(host.run(writeInCapsule(4, nsid, blocks, 1, data)), 0x080, true);
      assertRefused(host.run(compare(5, nsid, blocks, 1, data)), 0x080, true);
      assertRefused(host.run(writeZeroes(6, nsid, blocks - 1, 2)), 0x080, true);
    }
  }

  /** SLBA is 64 bits without a sign: no sum and no product may wrap. */
  @Covers({"read", "write", "compare", "zeroes", "dsm"})
  @Test
  void hostileAddressesAreOutOfRange() {
    long[] slbas = {
      -1L,
      Long.MIN_VALUE,
      Long.MAX_VALUE,
      Long.MAX_VALUE >>> 12,
      1L << 52,
      1L << 51,
      1L << 55,
      (1L << 52) + 1,
      -(Setup.SIZE_BYTES / 4096),
      Setup.SIZE_BYTES / 4096
    };
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] block = new byte[4096];
      for (long slba : slbas) {
        for (int blocks : new int[] {1, 65536}) {
          assertRefused(host.run(writeZeroes(1, 1, slba, blocks)), 0x080, true);
        }
        assertRefused(host.run(read(2, 1, slba, 1, 4096)), 0x080, true);
        assertRefused(host.run(writeInCapsule(3, 1, slba, 1, block)), 0x080, true);
        assertRefused(host.run(write(4, 1, slba, 64, Setup.MDTS_BYTES)), 0x080, true);
        assertRefused(host.run(compare(5, 1, slba, 1, block)), 0x080, true);
        for (int blocks : new int[] {1, -1}) {
          Frame dsm = Capsules.inCapsule(DSM, 6, 1, range(blocks, slba)).put(CDW11, 4, 4);
          assertRefused(host.run(dsm), 0x080, true);
        }
      }
    }
  }

  @Covers("compare")
  @Test
  void compareTellsEqualFromUnequal() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(8192, 3);
      assertOk(host.run(writeInCapsule(1, 1, 10, 2, data)));
      assertOk(host.run(compare(2, 1, 10, 2, data)));
      for (int at : new int[] {0, 4095, 4096, 8191}) {
        byte[] other = data.clone();
        other[at] ^= 1;
        assertRefused(host.run(compare(3, 1, 10, 2, other)), 0x285, true);
      }
      Frame byR2t = Capsules.blocks(Capsules.transfer(COMPARE, 4, 1, 8192), 10, 2);
      assertOk(host.write(byR2t, data));
      Frame wrong = Capsules.blocks(Capsules.transfer(COMPARE, 5, 1, 8192), 10, 2);
      assertRefused(host.write(wrong, new byte[8192]), 0x285, true);
    }
  }

  @Covers("zeroes")
  @Test
  void writeZeroesMayNameMoreThanMdts() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertOk(host.run(writeInCapsule(1, 1, 2047, 1, pattern(4096, 1))));
      assertOk(host.run(writeZeroes(2, 1, 0, 2048)));
      assertThat(host.run(read(3, 1, 2047, 1, 4096)).data()).containsOnly(0);
      assertOk(host.run(writeInCapsule(4, 1, 1, 1, pattern(4096, 1))));
      assertOk(host.run(writeZeroes(5, 1, 1, 1).put(CDW12 + 3, 1, 2)));
      assertThat(host.run(read(6, 1, 1, 1, 4096)).data()).as("DEAC").containsOnly(0);
      assertOk(host.run(writeZeroes(7, Setup.NSID_NULL, 0, 65536)));
    }
  }

  @Covers("dsm")
  @Test
  void allRangesAreCheckedBeforeTheFirstIsTouched() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(4096, 7);
      assertOk(host.run(writeInCapsule(1, 1, 5, 1, data)));
      byte[] ranges = Arrays.copyOf(range(1, 5), 32);
      System.arraycopy(range(1, Setup.SIZE_BYTES / 4096), 0, ranges, 16, 16);
      Frame dsm = Capsules.inCapsule(DSM, 2, 1, ranges).put(CDW10, 1, 1).put(CDW11, 4, 4);
      assertRefused(host.run(dsm), 0x080, true);
      assertThat(host.run(read(3, 1, 5, 1, 4096)).data()).isEqualTo(data);
      byte[] empty = range(0, 5);
      assertOk(host.run(Capsules.inCapsule(DSM, 4, 1, empty).put(CDW11, 4, 4)));
      assertThat(host.run(read(5, 1, 5, 1, 4096)).data()).isEqualTo(data);
      assertOk(host.run(Capsules.inCapsule(DSM, 6, 1, range(1, 5)).put(CDW11, 4, 3)));
      assertThat(host.run(read(7, 1, 5, 1, 4096)).data()).as("hints only").isEqualTo(data);
    }
  }

  @Covers("readonly")
  @Test
  void aReadOnlyNamespaceIsRead() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      int nsid = Setup.NSID_READ_ONLY;
      byte[] block = new byte[4096];
      assertRefused(host.run(writeInCapsule(1, nsid, 0, 1, block)), 0x020, true);
      assertRefused(host.run(write(2, nsid, 0, 16, 65536)), 0x020, true);
      assertRefused(host.run(writeZeroes(3, nsid, 0, 1)), 0x020, true);
      Frame dsm = Capsules.inCapsule(DSM, 4, nsid, range(1, 0)).put(CDW11, 4, 4);
      assertRefused(host.run(dsm), 0x020, true);
      assertOk(host.run(read(5, nsid, 0, 1, 4096)));
      assertOk(host.run(compare(6, nsid, 0, 1, block)));
      assertOk(host.run(Capsules.command(0x00, 7, nsid)));
      byte[] id = session.admin().run(Capsules.identify(8, 0, nsid)).data();
      assertThat(id[99] & 1).as("NSATTR").isEqualTo(1);
    }
  }

  @Covers("flush")
  @Test
  void flushOfOneAndOfAll() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      for (int nsid : new int[] {1, 2, Setup.NSID_NULL, 0xFFFFFFFF}) {
        assertOk(host.run(Capsules.command(0x00, 1, nsid)));
      }
      assertRefused(host.run(Capsules.command(0x00, 2, 0)), 0x00B, true);
      assertRefused(host.run(Capsules.command(0x00, 2, 5)), 0x00B, true);
    }
  }

  @Covers({"read", "uncorrectable", "protection", "fused"})
  @Test
  void wrongNamespacesOpcodesAndFlags() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      for (int nsid : new int[] {0, 5, 8, 8192, Integer.MIN_VALUE, 0xFFFFFFFE, 0xFFFFFFFF}) {
        assertRefused(host.run(read(1, nsid, 0, 1, 4096)), 0x00B, true);
      }
      for (int opcode : new int[] {0x04, 0x12, 0x18, 0x7E, 0x80, 0xFF}) {
        assertRefused(host.run(Capsules.command(opcode, 2, 1)), 0x001, true);
      }
      for (int flags : new int[] {0x00, 0x80, 0xC0, 0x43, 0x44}) {
        assertRefused(host.run(read(3, 1, 0, 1, 4096).put(SQE + 1, 1, flags)), 0x002, true);
      }
      Frame fua = writeInCapsule(5, 1, 0, 1, pattern(4096, 1)).put(CDW12 + 3, 1, 0x40);
      assertOk(host.run(fua));
    }
  }

  /**
   * CDW12 bits 31:16: what would change a command's meaning is refused, the rest is passed over.
   */
  @Test
  @Covers({"retry", "directives", "protection"})
  void bitsOfCdw12() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(4096, 1);
      for (int bit = 16; bit < 32; bit++) {
        boolean extension = bit < 20;
        boolean directive = bit >= 20 && bit < 24;
        boolean protection = bit == 24 || bit >= 26 && bit < 30;
        for (int opcode : new int[] {0x01, 0x02, COMPARE, WRITE_ZEROES, 0x0C}) {
          boolean writes = opcode == 0x01 || opcode == WRITE_ZEROES;
          assertOk(host.run(writeInCapsule(1, 1, 9, 1, data)));
          Frame frame =
              switch (opcode) {
                case 0x01 -> writeInCapsule(2, 1, 9, 1, data);
                case 0x02 -> read(2, 1, 9, 1, 4096);
                case COMPARE -> compare(2, 1, 9, 1, data);
                default -> Capsules.blocks(Capsules.command(opcode, 2, 1), 9, 1);
              };
          frame.put(CDW12 + 2, 2, 1L << bit - 16);
          Outcome outcome = host.run(frame);
          if (extension || protection || directive && writes) {
            assertRefused(outcome, 0x002, true);
            assertThat(host.run(read(3, 1, 9, 1, 4096)).data()).isEqualTo(data);
          } else {
            assertThat(outcome.code()).as("opcode %x, bit %d", opcode, bit).isZero();
          }
        }
      }
      // Limited Retry: the target repeats nothing, so there is nothing to limit.
      Frame limited = writeInCapsule(4, 1, 9, 1, data).put(CDW12 + 3, 1, 0xC0);
      assertOk(host.run(limited));
      assertOk(host.run(compare(5, 1, 9, 1, data).put(CDW12 + 3, 1, 0xC0)));
    }
  }

  /** Storage keeps nothing beside its blocks, so nothing could say that one was bad. */
  @Test
  @Covers("uncorrectable")
  void writeUncorrectableIsNeitherToldNorServed() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] controller = session.admin().run(Capsules.identify(1, 1, 0)).data();
      assertThat(controller[520] & 2).as("ONCS Write Uncorrectable").isZero();
      Frame uncorrectable = Capsules.blocks(Capsules.command(0x04, 2, 1), 9, 1);
      assertRefused(host.run(uncorrectable), 0x001, true);
      assertOk(host.run(read(3, 1, 9, 1, 4096)));
    }
  }

  /** In-capsule data of a command that is refused is swallowed whole. */
  @Covers("tcp.capsule")
  @Test
  void refusedCommandsWithDataKeepTheConnection() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(Setup.IN_CAPSULE, 1);
      for (int i = 0; i < 20; i++) {
        assertRefused(host.run(Capsules.inCapsule(0xC1, i, 1, data)), 0x001, true);
        assertRefused(host.run(Capsules.inCapsule(0x02, i, 1, data)), 0x011, true);
        assertOk(host.run(Capsules.inCapsule(0x00, i, 1, data)));
      }
      byte[] most = pattern(8192, 2);
      assertRefused(session.admin().run(Capsules.inCapsule(0xC1, 1, 0, most)), 0x001, true);
      assertOk(session.admin().run(Capsules.identify(2, 1, 0)));
    }
  }
}
