package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * CapsuleResp: a completion queue entry.
 *
 * <pre>
 *   8 CQE      16   the completion queue entry
 *  24 [HDGST 4]
 * </pre>
 */
public final class CapsuleRespPdu {
  public static final int LENGTH = 24;

  public static final int CQE = 8;

  private CapsuleRespPdu() {}

  /** Writes the common header; the caller fills the CQE and then appends the digest. */
  public static void writeHeader(ByteBuf buf, int at, boolean headerDigest) {
    if (headerDigest) {
      int flags = CommonHeader.HDGSTF << 8;
      CommonHeader.write(buf, at, PduType.CAPSULE_RESP | flags, LENGTH, 0, LENGTH + Digest.LENGTH);
    } else {
      CommonHeader.write(buf, at, PduType.CAPSULE_RESP, LENGTH, 0, LENGTH);
    }
  }
}
