package io.mora.tests.system.fuzz;

import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.system.conformance.Setup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Makes PDUs that are right or almost. The same seed makes the same PDUs. */
final class Mutator {
  private static final int[] NSIDS = {0, 1, 1, 1, 2, 2, 3, 5, 7, 7, -1};
  private static final int[] EDGES = {
    0, 1, 3, 4, 24, 72, 128, 255, 4095, 4096, 0x7FFF, 0xFFFF, 1 << 20, Integer.MAX_VALUE, -1
  };
  private static final int CIDS = 4096;

  /** Of a transfer now and then; most are short, or data is all there is to a run. */
  private static final int BLOCKS_MAX = Setup.MDTS_BYTES / 4096;

  private final Random random;
  private int cid;

  Mutator(Random random) {
    this.random = random;
  }

  /** A legal PDU for an I/O or an admin queue, as far as a PDU alone can be legal. */
  Frame legal(boolean admin) {
    cid = (cid + 1) % CIDS;
    return admin ? adminCommand() : ioCommand();
  }

  private Frame ioCommand() {
    int blocks = blocks();
    return switch (random.nextInt(16)) {
      case 0 -> Capsules.command(0x00, cid, nsid());
      case 1, 2, 3 -> Capsules.blocks(transfer(0x02, blocks), slba(), blocks);
      case 4, 5 -> Capsules.blocks(transfer(0x01, blocks), slba(), blocks);
      case 6, 7 -> Capsules.blocks(inCapsule(0x01, 1), slba(), 1);
      case 8 -> Capsules.blocks(inCapsule(0x05, 1), slba(), 1);
      case 9 -> Capsules.blocks(Capsules.command(0x08, cid, nsid()), slba(), blocks());
      case 10 ->
          Capsules.inCapsule(0x09, cid, nsid(), ranges(false))
              .put(Capsules.CDW10, 1, random.nextInt(4))
              .put(Capsules.CDW11, 4, random.nextInt(8));
      case 11 -> Capsules.blocks(Capsules.command(0x0C, cid, nsid()), slba(), blocks());
      case 12 ->
          Capsules.inCapsule(0x19, cid, nsid(), ranges(true))
              .put(Capsules.CDW10, 8, slba())
              .put(Capsules.CDW12, 4, random.nextInt(4));
      case 13 -> reservation();
      case 14 -> Capsules.blocks(transfer(0x05, blocks), slba(), blocks);
      default -> Capsules.command(random.nextInt(256), cid, nsid());
    };
  }

  private Frame reservation() {
    int[] opcodes = {0x0D, 0x11, 0x15, 0x0D};
    int opcode = opcodes[random.nextInt(4)];
    int cdw10 = random.nextInt(4) | random.nextInt(8) << 8;
    return random.nextInt(4) == 0
        ? Capsules.transfer(0x0E, cid, nsid(), 4096).put(Capsules.CDW10, 4, 1023).put(48, 4, 1)
        : Capsules.reservation(opcode, cid, nsid(), cdw10, random.nextInt(3), random.nextInt(3));
  }

  private Frame adminCommand() {
    return switch (random.nextInt(16)) {
      case 0, 1 -> Capsules.propertyGet(cid, random.nextInt(16) * 4, random.nextInt(3) * 4);
      case 2 ->
          Capsules.propertySet(
              cid, 0x14, 0x00460000 | (random.nextInt(4) > 0 ? 1 : random.nextInt(1 << 16)));
      case 3, 4 -> Capsules.identify(cid, random.nextInt(0x20), nsid());
      case 5, 6 -> Capsules.getLog(cid, random.nextInt(8), random.nextInt(64) * 4L, 512);
      case 7 -> Capsules.getLog(cid, random.nextInt(256), random.nextInt(1024) * 4L, 64);
      case 8 -> Capsules.setFeature(cid, random.nextInt(256), random.nextInt());
      case 9 -> Capsules.getFeature(cid, random.nextInt(256) | random.nextInt(4) << 8);
      case 10 -> Capsules.asyncEvent(cid);
      case 11 -> Capsules.keepAlive(cid);
      case 12 -> Capsules.command(0x08, cid, 0).put(Capsules.CDW10, 4, random.nextInt());
      case 13 ->
          Capsules.command(0x08, cid, 0)
              .put(Capsules.CDW10, 4, random.nextInt(CIDS) << 16 | random.nextInt(4));
      case 14 -> Capsules.connect(random.nextInt(6), random.nextInt(0xFFFF), Setup.NQN.value());
      default -> Capsules.command(random.nextInt(256), cid, nsid());
    };
  }

  /** Data that no R2T asked for, or the wrong one. */
  Frame unasked() {
    byte[] data = new byte[4 << random.nextInt(12)];
    return Capsules.h2cData(random.nextInt(CIDS), random.nextInt(16), 0, data)
        .flags(random.nextBoolean() ? Capsules.LAST_PDU : 0);
  }

  /** The PDU's bytes with a little or a lot of them spoilt. */
  byte[] spoil(Frame frame, boolean headerDigest, boolean dataDigest) {
    switch (random.nextInt(32)) {
      case 0 -> frame.put(random.nextInt(8), 1, random.nextInt(256));
      case 1 -> frame.put(4, 4, edge());
      case 2 -> frame.wrongHeaderDigest();
      case 3, 4, 5, 6 -> frame.wrongDataDigest();
      case 7 -> frame.pad(4 * random.nextInt(16));
      case 8, 9, 10, 11, 12, 13, 14, 15 -> frame.put(8 + 4 * random.nextInt(4), 4, edge());
      default -> frame.put(8 + random.nextInt(16), 1, random.nextInt(256));
    }
    byte[] bytes = frame.encode(headerDigest, dataDigest);
    return switch (random.nextInt(48)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
      case 2 -> flipped(bytes);
      default -> bytes;
    };
  }

  private byte[] flipped(byte[] bytes) {
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private Frame transfer(int opcode, int blocks) {
    int nsid = nsid();
    return Capsules.transfer(opcode, cid, nsid, blocks * (nsid == Setup.NSID_512 ? 512 : 4096));
  }

  private Frame inCapsule(int opcode, int blocks) {
    int nsid = nsid();
    return Capsules.inCapsule(
        opcode, cid, nsid, new byte[blocks * (nsid == Setup.NSID_512 ? 512 : 4096)]);
  }

  /** Source ranges of Copy, or ranges of Dataset Management. */
  private byte[] ranges(boolean copy) {
    int count = 1 + random.nextInt(4);
    ByteBuffer data = ByteBuffer.allocate(count * (copy ? 32 : 16)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int at = i * (copy ? 32 : 16);
      data.putLong(at + 8, slba());
      if (copy) {
        data.putShort(at + 16, (short) random.nextInt(16));
      } else {
        data.putInt(at + 4, random.nextInt(16));
      }
    }
    return data.array();
  }

  private int blocks() {
    return random.nextInt(32) == 0 ? 1 + random.nextInt(BLOCKS_MAX) : 1 + random.nextInt(2);
  }

  private int nsid() {
    return NSIDS[random.nextInt(NSIDS.length)];
  }

  private long slba() {
    return random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(2048);
  }

  private int edge() {
    return EDGES[random.nextInt(EDGES.length)];
  }
}
