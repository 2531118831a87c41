package io.mora.tests.kit.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * One PDU in the making. It encodes as the protocol says unless told otherwise: {@link #put} writes
 * over any field of the finished header, before the header digest is computed.
 */
public final class Frame {
  private static final int DIGEST_LENGTH = 4;
  private static final int HDGSTF = 1;
  private static final int DDGSTF = 2;

  private final byte[] header;
  private final byte[] written;
  private byte[] data = new byte[0];
  private int padBytes;
  private int flags;
  private boolean headerDigestWrong;
  private boolean dataDigestWrong;

  private Frame(int type, int hlen) {
    header = new byte[hlen];
    written = new byte[hlen];
    header[0] = (byte) type;
    header[2] = (byte) hlen;
  }

  /** A PDU of any type; bytes 8 and on are zero. */
  public static Frame of(int type, int hlen) {
    return new Frame(type, hlen);
  }

  /** Sets flags beside those of digests. */
  public Frame flags(int more) {
    flags |= more;
    return this;
  }

  public Frame data(byte[] bytes) {
    data = bytes;
    return this;
  }

  /** Puts zeroes between header and data. */
  public Frame pad(int bytes) {
    padBytes = bytes;
    return this;
  }

  public Frame wrongHeaderDigest() {
    headerDigestWrong = true;
    return this;
  }

  public Frame wrongDataDigest() {
    dataDigestWrong = true;
    return this;
  }

  /** Writes the low {@code width} bytes of a value, little-endian, whatever belongs there. */
  public Frame put(int offset, int width, long value) {
    for (int i = 0; i < width; i++) {
      header[offset + i] = (byte) (value >>> 8 * i);
      written[offset + i] = 1;
    }
    return this;
  }

  public Frame put(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, header, offset, bytes.length);
    Arrays.fill(written, offset, offset + bytes.length, (byte) 1);
    return this;
  }

  /** The CID of a capsule. */
  public int cid() {
    return (header[10] & 0xFF) | (header[11] & 0xFF) << 8;
  }

  public int opcode() {
    return header[8] & 0xFF;
  }

  /** The bytes on the wire. */
  public byte[] encode(boolean headerDigest, boolean dataDigest) {
    boolean plain = header[0] < 4 && header[0] >= 0;
    boolean hdgst = headerDigest && !plain;
    boolean ddgst = dataDigest && data.length > 0 && !plain;
    int end = header.length + (hdgst ? DIGEST_LENGTH : 0);
    int pdo = data.length == 0 ? 0 : end + padBytes;
    int plen = data.length == 0 ? end : pdo + data.length + (ddgst ? DIGEST_LENGTH : 0);
    byte[] head = header.clone();
    fill(head, 1, 1, flags | (hdgst ? HDGSTF : 0) | (ddgst ? DDGSTF : 0));
    fill(head, 3, 1, plain ? 0 : pdo);
    fill(head, 4, 4, plen);
    ByteBuffer out = ByteBuffer.allocate(plen).order(ByteOrder.LITTLE_ENDIAN).put(head);
    if (hdgst) {
      out.putInt(crc(head) ^ (headerDigestWrong ? 1 : 0));
    }
    out.position(out.position() + (data.length == 0 ? 0 : padBytes)).put(data);
    if (ddgst) {
      out.putInt(crc(data) ^ (dataDigestWrong ? 1 : 0));
    }
    return out.array();
  }

  private void fill(byte[] head, int offset, int width, long value) {
    for (int i = 0; i < width; i++) {
      if (written[offset + i] == 0) {
        head[offset + i] = (byte) (value >>> 8 * i);
      }
    }
  }

  static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }
}
