package io.mora.tests.kit.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The PDUs a host sends, as {@link Frame}s to be spoilt at will. Offsets are those of the PDU. */
public final class Capsules {
  public static final int ICREQ = 0;
  public static final int TERM_REQ = 2;
  public static final int CAPSULE = 4;
  public static final int H2C_DATA = 6;

  /** Where the SQE starts in a CapsuleCmd. */
  public static final int SQE = 8;

  public static final int SGL_ADDRESS = SQE + 24;
  public static final int SGL_LENGTH = SQE + 32;
  public static final int SGL_TYPE = SQE + 39;
  public static final int CDW10 = SQE + 40;
  public static final int CDW11 = SQE + 44;
  public static final int CDW12 = SQE + 48;
  public static final int CDW13 = SQE + 52;

  public static final int IN_CAPSULE = 0x01;
  public static final int TRANSPORT = 0x5A;
  public static final int LAST_PDU = 4;

  public static final String HOSTNQN = "nqn.2014-08.org.nvmexpress:uuid:6f1c3f6e-raw-host";
  public static final String DISCOVERY = "nqn.2014-08.org.nvmexpress.discovery";

  private Capsules() {}

  public static Frame icReq(int dgst, int hpda) {
    return Frame.of(ICREQ, 128).put(10, 1, hpda).put(11, 1, dgst);
  }

  public static Frame termReq(int fes, int fei, int copyBytes) {
    return Frame.of(TERM_REQ, 24).put(8, 2, fes).put(10, 4, fei).data(new byte[copyBytes]);
  }

  /** A command without data: transport SGL of length 0. */
  public static Frame command(int opcode, int cid, int nsid) {
    return Frame.of(CAPSULE, 72)
        .put(SQE, 1, opcode)
        .put(SQE + 1, 1, 0x40)
        .put(SQE + 2, 2, cid)
        .put(SQE + 4, 4, nsid)
        .put(SGL_TYPE, 1, TRANSPORT);
  }

  /** A command whose data travels in PDUs of its own. */
  public static Frame transfer(int opcode, int cid, int nsid, int bytes) {
    return command(opcode, cid, nsid).put(SGL_LENGTH, 4, bytes);
  }

  /** A command that brings its data. */
  public static Frame inCapsule(int opcode, int cid, int nsid, byte[] data) {
    return command(opcode, cid, nsid)
        .put(SGL_LENGTH, 4, data.length)
        .put(SGL_TYPE, 1, IN_CAPSULE)
        .data(data);
  }

  /** Read, Write, Compare or the like by blocks. */
  public static Frame blocks(Frame command, long slba, int blocks) {
    return command.put(CDW10, 8, slba).put(CDW12, 2, blocks - 1);
  }

  public static Frame propertyGet(int cid, int offset, int bytes) {
    return command(0x7F, cid, 4).put(SGL_TYPE, 1, 0).put(CDW10, 1, bytes / 8).put(CDW11, 4, offset);
  }

  public static Frame propertySet(int cid, int offset, long value) {
    return command(0x7F, cid, 0).put(SGL_TYPE, 1, 0).put(CDW11, 4, offset).put(CDW12, 8, value);
  }

  public static Frame identify(int cid, int cns, int nsid) {
    return transfer(0x06, cid, nsid, 4096).put(CDW10, 1, cns);
  }

  public static Frame getLog(int cid, int lid, long offset, int bytes) {
    int numd = bytes / 4 - 1;
    return transfer(0x02, cid, 0xFFFFFFFF, bytes)
        .put(CDW10, 1, lid)
        .put(CDW10 + 2, 2, numd)
        .put(CDW11, 2, numd >>> 16)
        .put(CDW12, 8, offset);
  }

  public static Frame setFeature(int cid, int fid, int value) {
    return command(0x09, cid, 0).put(CDW10, 4, fid).put(CDW11, 4, value);
  }

  public static Frame getFeature(int cid, int fid) {
    return command(0x0A, cid, 0).put(CDW10, 4, fid);
  }

  public static Frame keepAlive(int cid) {
    return command(0x18, cid, 0);
  }

  public static Frame asyncEvent(int cid) {
    return command(0x0C, cid, 0);
  }

  public static Frame h2cData(int cccid, int ttag, int offset, byte[] data) {
    return Frame.of(H2C_DATA, 24)
        .put(8, 2, cccid)
        .put(10, 2, ttag)
        .put(12, 4, offset)
        .put(16, 4, data.length)
        .data(data);
  }

  /** Connect with a host identifier of sevens. */
  public static Frame connect(int qid, int cntlid, String subNqn) {
    return connect(qid, connectData(cntlid, subNqn, HOSTNQN));
  }

  public static Frame connect(int qid, byte[] data) {
    return inCapsule(0x7F, 0, 1, data)
        .put(SQE + 42, 2, qid)
        .put(SQE + 44, 2, qid == 0 ? 31 : 127)
        .put(SQE + 48, 4, 0);
  }

  /** A reservation command with its keys. */
  public static Frame reservation(int opcode, int cid, int nsid, int dw10, long... keys) {
    ByteBuffer data = ByteBuffer.allocate(8 * keys.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long key : keys) {
      data.putLong(key);
    }
    return inCapsule(opcode, cid, nsid, data.array()).put(CDW10, 4, dw10);
  }

  public static byte[] connectData(int cntlid, String subNqn, String hostNqn) {
    return connectData(cntlid, subNqn, hostNqn, 7);
  }

  /** With a host identifier of sixteen such bytes. */
  public static byte[] connectData(int cntlid, String subNqn, String hostNqn, int hostId) {
    byte[] data = new byte[1024];
    Arrays.fill(data, 0, 16, (byte) hostId);
    data[16] = (byte) cntlid;
    data[17] = (byte) (cntlid >>> 8);
    text(data, 256, subNqn);
    text(data, 512, hostNqn);
    return data;
  }

  private static void text(byte[] data, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, data, at, bytes.length);
  }
}
