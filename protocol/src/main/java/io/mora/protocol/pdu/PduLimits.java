package io.mora.protocol.pdu;

/**
 * What a receiver accepts; checked before anything is stored.
 *
 * @param inCapsuleMax most data bytes in a CapsuleCmd on this connection
 * @param dataMax most data bytes in one H2CData (a controller: its MAXH2CDATA) or C2HData (a host)
 * @param alignmentBytes data alignment this receiver asked for, a multiple of 4
 */
public record PduLimits(int inCapsuleMax, int dataMax, int alignmentBytes) {
  /** Admin and fabrics commands may always bring this much. */
  public static final int ADMIN_IN_CAPSULE = 8192;

  public PduLimits {
    if (inCapsuleMax < ADMIN_IN_CAPSULE || dataMax < 4096 || alignmentBytes % 4 != 0) {
      throw new IllegalArgumentException(
          "inCapsuleMax " + inCapsuleMax + ", dataMax " + dataMax + ", align " + alignmentBytes);
    }
  }
}
