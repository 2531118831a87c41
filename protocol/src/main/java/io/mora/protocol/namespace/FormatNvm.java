package io.mora.protocol.namespace;

import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;

/**
 * Format NVM.
 *
 * <pre>
 *  40 CDW10 4   3:0 LBAF, 4 MSET, 7:5 PI, 8 PIL, 11:9 SES, 13:12 LBAFU
 * </pre>
 */
public final class FormatNvm {
  /** SES: nothing is asked for; the blocks may be erased or not. */
  public static final int NO_ERASE = 0;

  /** SES: what hosts wrote is to be erased. */
  public static final int USER_DATA_ERASE = 1;

  private static final int PROTECTION_AND_METADATA = 0x1F0;

  private FormatNvm() {}

  /** Which of the formats of Identify Namespace, upper bits included. */
  public static int format(ByteBuf buf, int at) {
    int cdw10 = Sqe.cdw10(buf, at);
    return cdw10 & 0xF | (cdw10 >>> 12 & 3) << 4;
  }

  /** MSET, PI or PIL ask for something. */
  public static boolean isProtected(ByteBuf buf, int at) {
    return (Sqe.cdw10(buf, at) & PROTECTION_AND_METADATA) != 0;
  }

  /** SES. */
  public static int erase(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) >>> 9 & 7;
  }
}
