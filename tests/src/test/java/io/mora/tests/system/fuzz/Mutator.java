package io.mora.tests.system.fuzz;

import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import java.util.Arrays;
import java.util.Random;

/** Makes PDUs that are almost right. The same seed makes the same PDUs. */
final class Mutator {
  private static final int[] NSIDS = {0, 1, 2, 3, 5, 7, -1};
  private static final int[] EDGES = {
    0, 1, 3, 4, 24, 72, 128, 255, 4095, 4096, 0x7FFF, 0xFFFF, 1 << 20, Integer.MAX_VALUE, -1
  };
  private static final int SQE = 8;

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /** A legal PDU for an I/O or an admin queue, as far as a PDU alone can be legal. */
  Frame legal(boolean admin) {
    int cid = random.nextInt(64);
    return switch (random.nextInt(admin ? 16 : 8)) {
      case 0 -> Capsules.command(0x00, cid, nsid());
      case 1 -> Capsules.blocks(transfer(0x02, cid), slba(), 1 + random.nextInt(4));
      case 2 -> Capsules.blocks(transfer(0x01, cid), slba(), 1 + random.nextInt(64));
      case 3, 4 -> Capsules.blocks(inCapsule(0x01, cid), slba(), 1 + random.nextInt(4));
      case 5 -> Capsules.blocks(inCapsule(0x05, cid), slba(), 1);
      case 6 -> Capsules.h2cData(cid, random.nextInt(16), 4096 * random.nextInt(3), new byte[4096]);
      case 7 -> inCapsule(0x09, cid);
      case 8 -> Capsules.propertyGet(cid, random.nextInt(16) * 4, 4);
      case 9 -> Capsules.propertySet(cid, 0x14, random.nextInt());
      case 10 -> Capsules.identify(cid, random.nextInt(10), nsid());
      case 11 -> Capsules.getLog(cid, random.nextInt(8), random.nextInt(64) * 4L, 512);
      case 12 -> Capsules.setFeature(cid, random.nextInt(32), random.nextInt());
      case 13 -> Capsules.getFeature(cid, random.nextInt(32));
      case 14 -> Capsules.asyncEvent(cid);
      default -> Capsules.command(0x08, cid, 0).put(SQE + 40, 4, random.nextInt());
    };
  }

  /** The PDU's bytes with nothing, a little or a lot spoilt. */
  byte[] spoil(Frame frame, boolean headerDigest, boolean dataDigest) {
    switch (random.nextInt(12)) {
      case 0 -> frame.put(random.nextInt(8), 1, random.nextInt(256));
      case 1 -> frame.put(4, 4, edge());
      case 2 -> frame.put(8 + 4 * random.nextInt(4), 4, edge());
      case 3 -> frame.put(8 + random.nextInt(16), 1, random.nextInt(256));
      case 4 -> frame.wrongHeaderDigest();
      case 5 -> frame.wrongDataDigest();
      case 6 -> frame.pad(4 * random.nextInt(16));
      default -> {}
    }
    byte[] bytes = frame.encode(headerDigest, dataDigest);
    return switch (random.nextInt(16)) {
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

  private Frame transfer(int opcode, int cid) {
    return Capsules.transfer(opcode, cid, nsid(), 4096 * (1 + random.nextInt(64)));
  }

  private Frame inCapsule(int opcode, int cid) {
    return Capsules.inCapsule(opcode, cid, nsid(), new byte[512 * (1 + random.nextInt(16))]);
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
