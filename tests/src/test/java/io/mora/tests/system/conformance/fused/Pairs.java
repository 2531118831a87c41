package io.mora.tests.system.conformance.fused;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Conformance;
import java.util.Arrays;

/** Halves of fused operations as a host sends them. */
final class Pairs {
  static final int COMPARE = 0x05;
  static final int WRITE = 0x01;
  static final int WRITE_ZEROES = 0x08;
  static final int DSM = 0x09;
  static final int COPY = 0x19;
  static final int BLOCK = 4096;

  static final int ABORT_REQUESTED = 0x007;
  static final int FAILED = 0x009;
  static final int MISSING = 0x00A;
  static final int COMPARE_FAILURE = 0x285;

  private Pairs() {}

  /** Sets FUSE of a command. */
  static Frame fuse(Frame command, int fuse) {
    return command.put(Capsules.SQE + 1, 1, 0x40 | fuse);
  }

  static Frame first(int cid, int nsid, long slba, byte[] data) {
    return fuse(Capsules.blocks(Capsules.inCapsule(COMPARE, cid, nsid, data), slba, 1), 1);
  }

  static Frame second(int cid, int nsid, long slba, byte[] data) {
    return fuse(Capsules.blocks(Capsules.inCapsule(WRITE, cid, nsid, data), slba, 1), 2);
  }

  static Frame firstByR2t(int cid, int nsid, long slba, int bytes) {
    return fuse(Capsules.blocks(Capsules.transfer(COMPARE, cid, nsid, bytes), slba, 1), 1);
  }

  static Frame secondByR2t(int cid, int nsid, long slba, int bytes) {
    return fuse(Capsules.blocks(Capsules.transfer(WRITE, cid, nsid, bytes), slba, 1), 2);
  }

  /** A block of one byte's value. */
  static byte[] block(int value) {
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, (byte) value);
    return data;
  }

  /** Sends a pair for a block, data in the capsules. */
  static void send(RawHost host, int cid, long slba, byte[] expected, byte[] next) {
    host.sendTogether(first(cid, 1, slba, expected), second(cid + 1, 1, slba, next));
  }

  /** The pair's halves end so, neither or both to be repeated. */
  static void assertEnds(RawHost host, int cid, int first, int second) {
    Outcome a = host.outcome(cid);
    Outcome b = host.outcome(cid + 1);
    assertThat(Integer.toHexString(a.code()) + " " + Integer.toHexString(b.code()))
        .as("%s and %s", a, b)
        .isEqualTo(Integer.toHexString(first) + " " + Integer.toHexString(second));
  }

  /** Nothing has the block: an ordinary write and a pair go through. */
  static void assertFree(RawHost host, long slba) {
    Conformance.assertOk(host.run(Conformance.writeInCapsule(900, 1, slba, 1, block(90))));
    send(host, 901, slba, block(90), block(91));
    assertEnds(host, 901, 0, 0);
    assertThat(host.run(Conformance.read(903, 1, slba, 1, BLOCK)).data()).isEqualTo(block(91));
  }
}
