package io.mora.protocol.pdu;

/** Fatal error statuses of a TermReq, and what FEI then holds. */
public final class FatalErrorStatus {
  /** FEI: offset of the lowest-numbered bad field in the offending header. */
  public static final int INVALID_HEADER_FIELD = 0x01;

  public static final int SEQUENCE_ERROR = 0x02;

  /** FEI: the digest received. */
  public static final int HEADER_DIGEST_ERROR = 0x03;

  public static final int DATA_OUT_OF_RANGE = 0x04;

  /** R2T limit exceeded and data transfer limit exceeded share a code. */
  public static final int LIMIT_EXCEEDED = 0x05;

  /** FEI: offset of the parameter. */
  public static final int UNSUPPORTED_PARAMETER = 0x06;

  private FatalErrorStatus() {}

  public static String name(int fes) {
    return switch (fes) {
      case INVALID_HEADER_FIELD -> "invalid PDU header field";
      case SEQUENCE_ERROR -> "PDU sequence error";
      case HEADER_DIGEST_ERROR -> "header digest error";
      case DATA_OUT_OF_RANGE -> "data transfer out of range";
      case LIMIT_EXCEEDED -> "R2T or data transfer limit exceeded";
      case UNSUPPORTED_PARAMETER -> "unsupported parameter";
      default -> "fatal error status " + fes;
    };
  }
}
