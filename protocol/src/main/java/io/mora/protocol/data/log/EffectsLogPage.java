package io.mora.protocol.data.log;

import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Commands Supported and Effects, log 05h: u32 for each admin opcode, then for each I/O opcode.
 *
 * @param bytes all {@value #LENGTH} of them
 */
public record EffectsLogPage(Bytes bytes) {
  public static final int LENGTH = 4096;

  public static final int ADMIN = 0;
  public static final int IO = 1024;

  /** The command is supported. */
  public static final int CSUPP = 1;

  /** The command may change the content of logical blocks. */
  public static final int LBCC = 1 << 1;

  /** The command may change the capabilities of a namespace; of the namespaces' inventory. */
  public static final int NCC = 1 << 2;

  public static final int NIC = 1 << 3;

  public EffectsLogPage {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException(bytes.length() + " bytes, not " + LENGTH);
    }
  }

  /** A page of the given effects by opcode; an opcode not named is not supported. */
  public static EffectsLogPage of(Map<Integer, Integer> admin, Map<Integer, Integer> io) {
    byte[] page = new byte[LENGTH];
    admin.forEach((opcode, effects) -> WordTable.set(page, ADMIN, opcode, effects));
    io.forEach((opcode, effects) -> WordTable.set(page, IO, opcode, effects));
    return new EffectsLogPage(Bytes.of(page));
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static EffectsLogPage decode(ByteBuf buf, int at) {
    return new EffectsLogPage(Bytes.copyOf(buf, at, LENGTH));
  }

  public void encode(ByteBuf buf, int at) {
    bytes.encode(buf, at);
  }

  /** Effects of an admin command, 0 if it is not supported. */
  public int admin(int opcode) {
    return WordTable.get(bytes, ADMIN, opcode);
  }

  /** Effects of an I/O command, 0 if it is not supported. */
  public int io(int opcode) {
    return WordTable.get(bytes, IO, opcode);
  }
}
