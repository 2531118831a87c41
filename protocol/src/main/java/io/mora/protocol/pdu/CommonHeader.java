package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * The eight bytes every NVMe/TCP PDU starts with.
 *
 * <pre>
 *  0 TYPE  1   kind of PDU; bit 0 is the direction (0 host to controller)
 *  1 FLAGS 1   bit 0 HDGSTF, bit 1 DDGSTF, bit 2 LAST_PDU, bit 3 SUCCESS
 *  2 HLEN  1   header bytes, these included, the digest not
 *  3 PDO   1   offset of the data, 0 without data
 *  4 PLEN  4   whole PDU: header, digest, pad, data, digest
 * </pre>
 */
public final class CommonHeader {
  public static final int LENGTH = 8;

  public static final int TYPE = 0;
  public static final int FLAGS = 1;
  public static final int HLEN = 2;
  public static final int PDO = 3;
  public static final int PLEN = 4;

  public static final int HDGSTF = 0x01;
  public static final int DDGSTF = 0x02;
  public static final int LAST_PDU = 0x04;
  public static final int SUCCESS = 0x08;

  private CommonHeader() {}

  public static int type(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + TYPE);
  }

  public static int flags(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + FLAGS);
  }

  public static int hlen(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + HLEN);
  }

  public static int pdo(ByteBuf buf, int at) {
    return buf.getUnsignedByte(at + PDO);
  }

  /** Unsigned 32 bits in a long: a hostile PLEN must not turn negative. */
  public static long plen(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + PLEN);
  }

  /** Writes the header; {@code typeAndFlags} is TYPE | FLAGS shl 8. */
  public static void write(ByteBuf buf, int at, int typeAndFlags, int hlen, int pdo, int plen) {
    buf.setIntLE(at, typeAndFlags | hlen << 16 | pdo << 24);
    buf.setIntLE(at + PLEN, plen);
  }

  /** Offset of the data after a header of {@code hlen}, rounded up to the peer's alignment. */
  public static int dataOffset(int hlen, boolean headerDigest, int alignmentBytes) {
    int end = hlen + (headerDigest ? Digest.LENGTH : 0);
    return (end + alignmentBytes - 1) / alignmentBytes * alignmentBytes;
  }
}
