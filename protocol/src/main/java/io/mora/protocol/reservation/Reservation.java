package io.mora.protocol.reservation;

import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;

/**
 * Reservation Register, Acquire, Release and Report.
 *
 * <pre>
 *  40 CDW10 4   Register: 2:0 RREGA, 3 IEKEY, 31:30 CPTPL
 *               Acquire:  2:0 RACQA, 3 IEKEY, 15:8 RTYPE
 *               Release:  2:0 RRELA, 3 IEKEY, 15:8 RTYPE
 *               Report:   31:0 NUMD (0's based)
 *  44 CDW11 4   Report:   bit 0 EDS, identifiers of 128 bits
 *
 *  data: 0 CRKEY 8, 8 NRKEY (Register) or PRKEY (Acquire) 8
 * </pre>
 */
public final class Reservation {
  /** RREGA. */
  public static final int REGISTER = 0;

  public static final int UNREGISTER = 1;
  public static final int REPLACE = 2;

  /** RACQA. */
  public static final int ACQUIRE = 0;

  public static final int PREEMPT = 1;
  public static final int PREEMPT_AND_ABORT = 2;

  /** RRELA. */
  public static final int RELEASE = 0;

  public static final int CLEAR = 1;

  /** CPTPL: whether registrations outlive a loss of power. */
  public static final int PTPL_NO_CHANGE = 0;

  public static final int PTPL_OFF = 2;
  public static final int PTPL_ON = 3;

  /** Bytes of data of Register and Acquire. */
  public static final int KEYS_LENGTH = 16;

  /** Bytes of data of Release. */
  public static final int KEY_LENGTH = 8;

  private static final int CURRENT_KEY = 0;
  private static final int OTHER_KEY = 8;

  private Reservation() {}

  public static int action(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) & 7;
  }

  /** IEKEY: the current key is not looked at. */
  public static boolean ignoresKey(ByteBuf buf, int at) {
    return (Sqe.cdw10(buf, at) & 1 << 3) != 0;
  }

  public static int type(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) >>> 8 & 0xFF;
  }

  public static int persistence(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) >>> 30;
  }

  /** Bytes asked for by Report. */
  public static long reportBytes(ByteBuf buf, int at) {
    return (Integer.toUnsignedLong(Sqe.cdw10(buf, at)) + 1) * Integer.BYTES;
  }

  /** EDS of Report. */
  public static boolean isExtended(ByteBuf buf, int at) {
    return (Sqe.cdw11(buf, at) & 1) != 0;
  }

  public static long currentKey(ByteBuf data) {
    return data.getLongLE(CURRENT_KEY);
  }

  /** NRKEY of Register, PRKEY of Acquire. */
  public static long otherKey(ByteBuf data) {
    return data.getLongLE(OTHER_KEY);
  }
}
