package io.mora.protocol.command;

/** Admin opcodes. */
public final class AdminOpcode {
  public static final int DELETE_SQ = 0x00;
  public static final int CREATE_SQ = 0x01;
  public static final int GET_LOG_PAGE = 0x02;
  public static final int DELETE_CQ = 0x04;
  public static final int CREATE_CQ = 0x05;
  public static final int IDENTIFY = 0x06;
  public static final int ABORT = 0x08;
  public static final int SET_FEATURES = 0x09;
  public static final int GET_FEATURES = 0x0A;
  public static final int ASYNC_EVENT_REQUEST = 0x0C;
  public static final int NAMESPACE_MANAGEMENT = 0x0D;
  public static final int NAMESPACE_ATTACHMENT = 0x15;
  public static final int KEEP_ALIVE = 0x18;
  public static final int FABRICS = 0x7F;
  public static final int FORMAT_NVM = 0x80;
  public static final int SECURITY_SEND = 0x81;
  public static final int SECURITY_RECEIVE = 0x82;
  public static final int SANITIZE = 0x84;

  private AdminOpcode() {}

  /** The spec's name, or the number for what is not known here. */
  public static String name(int code) {
    return switch (code) {
      case DELETE_SQ -> "Delete I/O Submission Queue";
      case CREATE_SQ -> "Create I/O Submission Queue";
      case GET_LOG_PAGE -> "Get Log Page";
      case DELETE_CQ -> "Delete I/O Completion Queue";
      case CREATE_CQ -> "Create I/O Completion Queue";
      case IDENTIFY -> "Identify";
      case ABORT -> "Abort";
      case SET_FEATURES -> "Set Features";
      case GET_FEATURES -> "Get Features";
      case ASYNC_EVENT_REQUEST -> "Asynchronous Event Request";
      case NAMESPACE_MANAGEMENT -> "Namespace Management";
      case NAMESPACE_ATTACHMENT -> "Namespace Attachment";
      case KEEP_ALIVE -> "Keep Alive";
      case FABRICS -> "Fabrics";
      case FORMAT_NVM -> "Format NVM";
      case SECURITY_SEND -> "Security Send";
      case SECURITY_RECEIVE -> "Security Receive";
      case SANITIZE -> "Sanitize";
      default -> "admin opcode " + Integer.toHexString(code) + "h";
    };
  }
}
