package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW12;
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

/** NVM command set: Copy (19h) and Verify (0Ch), which pass blocks through the target. */
class CopyTest extends Conformance {
  private static final int VERIFY = 0x0C;
  private static final int COPY = 0x19;
  private static final int BLOCK = 4096;
  private static final long BLOCKS = Setup.SIZE_BYTES / BLOCK;

  /** SLBA and blocks of source ranges, as pairs. */
  private static byte[] ranges(long... pairs) {
    ByteBuffer data = ByteBuffer.allocate(pairs.length * 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < pairs.length; i += 2) {
      data.putLong(i * 16 + 8, pairs[i]).putShort(i * 16 + 16, (short) (pairs[i + 1] - 1));
    }
    return data.array();
  }

  private static Frame copy(int cid, int nsid, long to, long... pairs) {
    return Capsules.inCapsule(COPY, cid, nsid, ranges(pairs))
        .put(CDW10, 8, to)
        .put(CDW12, 4, pairs.length / 2 - 1);
  }

  private static Frame verify(int cid, int nsid, long slba, int blocks) {
    return Capsules.blocks(Capsules.command(VERIFY, cid, nsid), slba, blocks);
  }

  private static byte[] blocks(RawHost host, int nsid, long slba, int count, int size) {
    return host.run(read(90, nsid, slba, count, count * size)).data();
  }

  @Covers("copy")
  @Test
  void rangesAreGatheredInTheirOrder() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(4 * BLOCK, 11);
      assertOk(host.run(writeInCapsule(1, 1, 100, 4, data)));
      assertOk(host.run(copy(2, 1, 200, 103, 1, 100, 2, 101, 1)));
      byte[] copied = blocks(host, 1, 200, 4, BLOCK);
      int[] order = {3, 0, 1, 1};
      for (int i = 0; i < order.length; i++) {
        assertThat(Arrays.copyOfRange(copied, i * BLOCK, (i + 1) * BLOCK))
            .as("block %d", i)
            .isEqualTo(Arrays.copyOfRange(data, order[i] * BLOCK, (order[i] + 1) * BLOCK));
      }
      assertThat(blocks(host, 1, 100, 4, BLOCK)).as("the source").isEqualTo(data);
    }
  }

  /** Longer than a piece of the target's, in blocks that do not divide it, durable at the end. */
  @Covers("copy")
  @Test
  void aLongCopyIsWhole() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      int count = 777;
      byte[] data = pattern(count * 512, 5);
      for (int at = 0; at < count; at += 32) {
        int length = Math.min(32, count - at);
        byte[] part = Arrays.copyOfRange(data, at * 512, (at + length) * 512);
        assertOk(host.run(writeInCapsule(1, Setup.NSID_512, 10 + at, length, part)));
      }
      assertOk(host.run(copy(2, Setup.NSID_512, 5000, 10, count).put(CDW12 + 3, 1, 0x40)));
      for (int at = 0; at < count; at += 256) {
        int length = Math.min(256, count - at);
        assertThat(blocks(host, Setup.NSID_512, 5000 + at, length, 512))
            .isEqualTo(Arrays.copyOfRange(data, at * 512, (at + length) * 512));
      }
      byte[] ends = blocks(host, Setup.NSID_512, 4999, 1, 512);
      assertThat(ends).as("before it").containsOnly(0);
      assertThat(blocks(host, Setup.NSID_512, 5000 + count, 1, 512)).containsOnly(0);
    }
  }

  @Covers("copy")
  @Test
  void limitsAreToldAndKept() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] id = session.admin().run(Capsules.identify(1, 0, Setup.NSID_NULL)).data();
      ByteBuffer page = ByteBuffer.wrap(id).order(ByteOrder.LITTLE_ENDIAN);
      int perRange = Short.toUnsignedInt(page.getShort(74));
      int total = page.getInt(76);
      int ranges = Byte.toUnsignedInt(id[80]) + 1;
      assertThat(perRange).isEqualTo((16 << 20) / BLOCK);
      assertThat(total).isEqualTo((64 << 20) / BLOCK);
      assertThat(ranges).isEqualTo(128);
      byte[] controller = session.admin().run(Capsules.identify(2, 1, 0)).data();
      assertThat(controller[520] & 0x80).as("ONCS Verify").isNotZero();
      assertThat(controller[521] & 0x01).as("ONCS Copy").isNotZero();
      assertThat(controller[534] & 0x01).as("OCFS").isNotZero();

      int nsid = Setup.NSID_NULL;
      Outcome over = host.run(copy(3, nsid, 1 << 20, 0, 1, 0, perRange + 1));
      assertRefused(over, 0x183, true);
      assertThat(over.result()).as("lowest range that failed").isEqualTo(1);
      long[] many = new long[2 * (total / perRange + 1)];
      for (int i = 0; i < many.length; i += 2) {
        many[i] = (long) i * perRange;
        many[i + 1] = perRange;
      }
      assertRefused(host.run(copy(4, nsid, 1 << 24, many)), 0x183, true);
      Frame tooMany =
          Capsules.inCapsule(COPY, 5, nsid, new byte[(ranges + 1) * 32]).put(CDW12, 4, ranges);
      assertRefused(host.run(tooMany), 0x183, true);
      assertOk(host.run(copy(6, nsid, 1 << 20, 0, perRange)));
    }
  }

  @Covers("copy")
  @Test
  void whatCannotBeCopiedIsRefusedBeforeAnythingIs() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(BLOCK, 3);
      assertOk(host.run(writeInCapsule(1, 1, 50, 1, data)));
      Outcome outside = host.run(copy(2, 1, 50, 1, 1, BLOCKS, 1));
      assertRefused(outside, 0x080, true);
      assertThat(outside.result()).isEqualTo(1);
      assertRefused(host.run(copy(3, 1, BLOCKS - 1, 0, 2)), 0x080, true);
      assertRefused(host.run(copy(4, 1, -1L, 0, 2)), 0x080, true);
      assertRefused(host.run(copy(5, 1, 50, -1L, 2)), 0x080, true);
      assertRefused(host.run(copy(6, 1, 50, 49, 2)), 0x187, true);
      Outcome overlap = host.run(copy(7, 1, 50, 10, 1, 51, 1));
      assertRefused(overlap, 0x187, true);
      assertThat(overlap.result()).isEqualTo(1);
      assertRefused(host.run(copy(8, 1, 50, 1, 1).put(CDW12 + 1, 1, 1)), 0x002, true);
      assertRefused(host.run(copy(9, 1, 50, 1, 1).put(CDW12 + 1, 1, 0x10)), 0x002, true);
      assertRefused(host.run(copy(9, 1, 50, 1, 1).put(CDW12 + 2, 1, 0x10)), 0x002, true);
      assertRefused(host.run(copy(10, Setup.NSID_READ_ONLY, 50, 1, 1)), 0x020, true);
      Frame shorter = Capsules.inCapsule(COPY, 11, 1, ranges(1, 1)).put(CDW10, 8, 50L);
      assertRefused(host.run(shorter.put(CDW12, 4, 1)), 0x00F, true);
      assertThat(blocks(host, 1, 50, 1, BLOCK)).isEqualTo(data);
    }
  }

  @Covers("verify")
  @Test
  void verifyReadsWhatItNames() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertOk(host.run(verify(1, 1, 0, (int) BLOCKS)));
      assertOk(host.run(verify(2, Setup.NSID_READ_ONLY, 0, 256)));
      assertOk(host.run(verify(3, Setup.NSID_NULL, 0, 4096)));
      assertRefused(host.run(verify(4, 1, 0, (int) BLOCKS + 1)), 0x080, true);
      assertRefused(host.run(verify(5, 1, -1, 1)), 0x080, true);
      assertRefused(host.run(verify(6, 1, 0, 1).put(CDW12 + 3, 1, 0x04)), 0x002, true);
      assertRefused(host.run(verify(7, 5, 0, 1)), 0x00B, true);
    }
  }
}
