package io.mora.tests.kit.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A PDU from the target, already held to the rules of section 1. */
public final class Received {
  public static final int ICRESP = 1;
  public static final int TERM_REQ = 3;
  public static final int CAPSULE_RESP = 5;
  public static final int C2H_DATA = 7;
  public static final int R2T = 9;

  private final byte[] header;
  private final byte[] data;

  Received(byte[] header, byte[] data) {
    this.header = header;
    this.data = data;
  }

  /** HLEN bytes. */
  public byte[] header() {
    return header;
  }

  /** Without pad and digest. */
  public byte[] data() {
    return data;
  }

  public int type() {
    return header[0] & 0xFF;
  }

  public boolean isLast() {
    return (header[1] & 4) != 0;
  }

  public boolean isSuccess() {
    return (header[1] & 8) != 0;
  }

  public int pdo() {
    return header[3] & 0xFF;
  }

  public int u8(int at) {
    return header[at] & 0xFF;
  }

  public int u16(int at) {
    return bytes().getShort(at) & 0xFFFF;
  }

  public int u32(int at) {
    return bytes().getInt(at);
  }

  /** DW0 in the low half, DW1 in the high. */
  public long result() {
    return bytes().getLong(8);
  }

  public int sqhd() {
    return u16(16);
  }

  /** CID of a reply, or CCCID of data and R2T. */
  public int cid() {
    return type() == CAPSULE_RESP ? u16(20) : u16(8);
  }

  /** SCT and SC of a reply, SCT in bits 10:8. */
  public int code() {
    return u16(22) >>> 1 & 0x7FF;
  }

  public boolean doNotRetry() {
    return (u16(22) & 0x8000) != 0;
  }

  private ByteBuffer bytes() {
    return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public String toString() {
    String what =
        switch (type()) {
          case CAPSULE_RESP ->
              "CapsuleResp cid " + cid() + " status " + Integer.toHexString(code());
          case TERM_REQ -> "TermReq FES " + u16(8) + " FEI " + Integer.toUnsignedLong(u32(10));
          case C2H_DATA -> "C2HData cid " + cid() + " at " + u32(12);
          case R2T -> "R2T cid " + cid() + " at " + u32(12) + " length " + u32(16);
          default -> "type " + type();
        };
    return what + ", " + data.length + " bytes of data";
  }
}
