package io.mora.protocol.pdu;

/**
 * CapsuleCmd: a submission queue entry, with in-capsule data or without.
 *
 * <pre>
 *   8 SQE      64   the submission queue entry
 *  72 [HDGST 4] [pad] [data] [DDGST 4]
 * </pre>
 */
public final class CapsuleCmdPdu {
  public static final int LENGTH = 72;

  public static final int SQE = 8;

  private CapsuleCmdPdu() {}
}
