package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * The one SGL descriptor of a command, at {@link Sqe#SGL1}.
 *
 * <pre>
 *   0 ADDRESS    8   offset in the capsule, or 0
 *   8 LENGTH     4   bytes
 *  12 reserved   3
 *  15 IDENTIFIER 1   type in the high nibble, subtype in the low
 * </pre>
 */
public final class SglDescriptor {
  public static final int LENGTH = 16;

  public static final int ADDRESS = 0;
  public static final int SGL_LENGTH = 8;
  public static final int IDENTIFIER = 15;

  /** Data block, subtype offset: the data is in the capsule. */
  public static final int IN_CAPSULE = 0x01;

  /** Transport data block, subtype transport: the data travels in PDUs of its own. */
  public static final int TRANSPORT = 0x5A;

  private SglDescriptor() {}

  public static long address(ByteBuf buf, int sqeAt) {
    return buf.getLongLE(sqeAt + Sqe.SGL1 + ADDRESS);
  }

  /** Unsigned. */
  public static long length(ByteBuf buf, int sqeAt) {
    return buf.getUnsignedIntLE(sqeAt + Sqe.SGL1 + SGL_LENGTH);
  }

  public static int identifier(ByteBuf buf, int sqeAt) {
    return buf.getUnsignedByte(sqeAt + Sqe.SGL1 + IDENTIFIER);
  }

  public static void write(ByteBuf buf, int sqeAt, int lengthBytes, int identifier) {
    int at = sqeAt + Sqe.SGL1;
    buf.setLongLE(at + ADDRESS, 0);
    buf.setIntLE(at + SGL_LENGTH, lengthBytes);
    buf.setIntLE(at + 12, identifier << 24);
  }
}
