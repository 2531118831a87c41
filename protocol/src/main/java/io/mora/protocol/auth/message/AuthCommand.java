package io.mora.protocol.auth.message;

import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;

/**
 * Authentication Send and Authentication Receive.
 *
 * <pre>
 *  41 SPSP0 1   1
 *  42 SPSP1 1   1
 *  43 SECP  1   E9h, NVMe authentication
 *  44 TL    4   bytes of the message; of Receive AL, the room for it
 * </pre>
 */
public final class AuthCommand {
  public static final int SPSP0 = 41;
  public static final int SPSP1 = 42;
  public static final int SECP = 43;
  public static final int TL = 44;

  public static final int SPSP = 1;
  public static final int SECP_NVME = 0xE9;

  /** Most bytes of a message, and of the room for one; what Linux has. */
  public static final int LENGTH_MAX = 4096;

  private AuthCommand() {}

  /** The offset of the first field that is not as it must be, or -1. */
  public static int firstBad(ByteBuf buf, int at) {
    if (buf.getByte(at + SPSP0) != SPSP) {
      return SPSP0;
    } else if (buf.getByte(at + SPSP1) != SPSP) {
      return SPSP1;
    } else if (buf.getUnsignedByte(at + SECP) != SECP_NVME) {
      return SECP;
    }
    long length = length(buf, at);
    return length == 0 || length > LENGTH_MAX ? TL : -1;
  }

  /** TL or AL. */
  public static long length(ByteBuf buf, int at) {
    return buf.getUnsignedIntLE(at + TL);
  }

  /** Writes a whole Authentication Send SQE. */
  public static void writeSend(ByteBuf buf, int at, int length) {
    write(buf, at, FabricsType.AUTHENTICATION_SEND, length);
  }

  /** Writes a whole Authentication Receive SQE. */
  public static void writeReceive(ByteBuf buf, int at, int length) {
    write(buf, at, FabricsType.AUTHENTICATION_RECEIVE, length);
  }

  private static void write(ByteBuf buf, int at, int fctype, int length) {
    Sqe.start(buf, at, AdminOpcode.FABRICS, 0, fctype);
    buf.setByte(at + SPSP0, SPSP);
    buf.setByte(at + SPSP1, SPSP);
    buf.setByte(at + SECP, SECP_NVME);
    buf.setIntLE(at + TL, length);
  }
}
