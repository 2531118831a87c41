package io.mora.protocol.pdu;

/** PDU types, and what each may look like. 08h is not assigned. */
public final class PduType {
  public static final int IC_REQ = 0x00;
  public static final int IC_RESP = 0x01;
  public static final int H2C_TERM_REQ = 0x02;
  public static final int C2H_TERM_REQ = 0x03;
  public static final int CAPSULE_CMD = 0x04;
  public static final int CAPSULE_RESP = 0x05;
  public static final int H2C_DATA = 0x06;
  public static final int C2H_DATA = 0x07;
  public static final int R2T = 0x09;

  private static final String[] NAMES = {
    "ICReq",
    "ICResp",
    "H2CTermReq",
    "C2HTermReq",
    "CapsuleCmd",
    "CapsuleResp",
    "H2CData",
    "C2HData",
    "(08h)",
    "R2T"
  };

  private static final int[] HEADER_LENGTHS = {
    IcReqPdu.LENGTH,
    IcRespPdu.LENGTH,
    TermReqPdu.HEADER_LENGTH,
    TermReqPdu.HEADER_LENGTH,
    CapsuleCmdPdu.LENGTH,
    CapsuleRespPdu.LENGTH,
    H2cDataPdu.LENGTH,
    C2hDataPdu.LENGTH,
    0,
    R2tPdu.LENGTH
  };

  private PduType() {}

  public static boolean isKnown(int type) {
    return type <= R2T && type != 0x08;
  }

  /** True for PDUs a controller receives. */
  public static boolean isToController(int type) {
    return (type & 1) == 0;
  }

  /** The only HLEN a PDU of this known type may have. */
  public static int headerLength(int type) {
    return HEADER_LENGTHS[type];
  }

  static int allowedFlags(int type, boolean headerDigest, boolean dataDigest) {
    int digests = (headerDigest ? CommonHeader.HDGSTF : 0) | (dataDigest ? CommonHeader.DDGSTF : 0);
    return switch (type) {
      case CAPSULE_CMD -> digests;
      case CAPSULE_RESP, R2T -> digests & CommonHeader.HDGSTF;
      case H2C_DATA -> digests | CommonHeader.LAST_PDU;
      case C2H_DATA -> digests | CommonHeader.LAST_PDU | CommonHeader.SUCCESS;
      default -> 0;
    };
  }

  static boolean mayCarryData(int type) {
    return type == CAPSULE_CMD || type == H2C_DATA || type == C2H_DATA;
  }

  static boolean isTermReq(int type) {
    return type == H2C_TERM_REQ || type == C2H_TERM_REQ;
  }

  static boolean isInitialisation(int type) {
    return type == IC_REQ || type == IC_RESP;
  }

  public static String name(int type) {
    return type >= 0 && type < NAMES.length ? NAMES[type] : "type " + Integer.toHexString(type);
  }
}
