package io.mora.protocol.status;

/**
 * A command's outcome as a packed {@code int}: the CQE status field without its phase bit.
 *
 * <pre>
 *  bits  7:0   SC   status code
 *  bits 10:8   SCT  status code type
 *  bits 12:11  CRD  command retry delay index
 *  bit  13     M    more information in the error log
 *  bit  14     DNR  do not retry
 * </pre>
 *
 * <p>On the wire the field sits one bit higher (bit 0 is the phase tag, always 0 over fabrics);
 * only {@code Cqe} shifts it. Statuses never travel as exceptions inside the target.
 */
public final class Status {
  public static final int CRD_SHIFT = 11;
  public static final int MORE = 1 << 13;
  public static final int DNR = 1 << 14;

  /** Status code types. */
  public static final int GENERIC = 0;

  public static final int COMMAND_SPECIFIC = 1;
  public static final int MEDIA = 2;
  public static final int PATH = 3;
  public static final int VENDOR = 7;

  // Generic (SCT 0).
  public static final int SUCCESS = 0x000;
  public static final int INVALID_OPCODE = 0x001;
  public static final int INVALID_FIELD = 0x002;
  public static final int CID_CONFLICT = 0x003;
  public static final int DATA_TRANSFER_ERROR = 0x004;
  public static final int POWER_LOSS_ABORT = 0x005;
  public static final int INTERNAL_ERROR = 0x006;
  public static final int ABORT_REQUESTED = 0x007;
  public static final int ABORTED_SQ_DELETED = 0x008;
  public static final int FUSED_FAILED = 0x009;
  public static final int FUSED_MISSING = 0x00A;
  public static final int INVALID_NAMESPACE = 0x00B;
  public static final int COMMAND_SEQUENCE_ERROR = 0x00C;
  public static final int SGL_LAST_SEGMENT_INVALID = 0x00D;
  public static final int SGL_COUNT_INVALID = 0x00E;
  public static final int DATA_SGL_LENGTH_INVALID = 0x00F;
  public static final int METADATA_SGL_LENGTH_INVALID = 0x010;
  public static final int SGL_TYPE_INVALID = 0x011;
  public static final int ATOMIC_WRITE_UNIT_EXCEEDED = 0x014;
  public static final int OPERATION_DENIED = 0x015;
  public static final int SGL_OFFSET_INVALID = 0x016;
  public static final int HOST_ID_INCONSISTENT = 0x018;
  public static final int KEEP_ALIVE_EXPIRED = 0x019;
  public static final int KEEP_ALIVE_INVALID = 0x01A;
  public static final int ABORTED_PREEMPT = 0x01B;
  public static final int SANITIZE_FAILED = 0x01C;
  public static final int SANITIZE_IN_PROGRESS = 0x01D;
  public static final int NAMESPACE_WRITE_PROTECTED = 0x020;
  public static final int COMMAND_INTERRUPTED = 0x021;
  public static final int TRANSIENT_TRANSPORT_ERROR = 0x022;
  public static final int LBA_OUT_OF_RANGE = 0x080;
  public static final int CAPACITY_EXCEEDED = 0x081;
  public static final int NAMESPACE_NOT_READY = 0x082;
  public static final int RESERVATION_CONFLICT = 0x083;
  public static final int FORMAT_IN_PROGRESS = 0x084;

  // Command specific (SCT 1): admin and NVM.
  public static final int INVALID_QUEUE_IDENTIFIER = 0x101;
  public static final int INVALID_QUEUE_SIZE = 0x102;
  public static final int ABORT_LIMIT_EXCEEDED = 0x103;
  public static final int ASYNC_EVENT_LIMIT_EXCEEDED = 0x105;
  public static final int INVALID_LOG_PAGE = 0x109;
  public static final int INVALID_FORMAT = 0x10A;
  public static final int FEATURE_NOT_SAVEABLE = 0x10D;
  public static final int FEATURE_NOT_CHANGEABLE = 0x10E;
  public static final int FEATURE_NOT_NAMESPACE_SPECIFIC = 0x10F;
  public static final int NAMESPACE_INSUFFICIENT_CAPACITY = 0x115;
  public static final int NAMESPACE_IDENTIFIER_UNAVAILABLE = 0x116;
  public static final int NAMESPACE_ALREADY_ATTACHED = 0x118;
  public static final int NAMESPACE_NOT_ATTACHED = 0x11A;
  public static final int THIN_PROVISIONING_NOT_SUPPORTED = 0x11B;
  public static final int CONTROLLER_LIST_INVALID = 0x11C;
  public static final int ANA_GROUP_INVALID = 0x124;
  public static final int IO_COMMAND_SET_NOT_SUPPORTED = 0x129;
  public static final int CONFLICTING_ATTRIBUTES = 0x180;
  public static final int COMMAND_SIZE_LIMIT_EXCEEDED = 0x183;
  public static final int OVERLAPPING_IO_RANGE = 0x187;
  public static final int INSUFFICIENT_RESOURCES = 0x189;

  // Command specific (SCT 1): fabrics. 80h and up mean something else on I/O commands.
  public static final int CONNECT_INCOMPATIBLE_FORMAT = 0x180;
  public static final int CONNECT_CONTROLLER_BUSY = 0x181;
  public static final int CONNECT_INVALID_PARAMETERS = 0x182;
  public static final int CONNECT_RESTART_DISCOVERY = 0x183;
  public static final int CONNECT_INVALID_HOST = 0x184;
  public static final int INVALID_QUEUE_TYPE = 0x185;
  public static final int DISCOVER_RESTART = 0x190;
  public static final int AUTHENTICATION_REQUIRED = 0x191;

  // Media and data integrity (SCT 2).
  public static final int WRITE_FAULT = 0x280;
  public static final int UNRECOVERED_READ_ERROR = 0x281;
  public static final int COMPARE_FAILURE = 0x285;
  public static final int ACCESS_DENIED = 0x286;
  public static final int DEALLOCATED_OR_UNWRITTEN = 0x287;

  // Path related (SCT 3). 370h and 371h are made by hosts only.
  public static final int INTERNAL_PATH_ERROR = 0x300;
  public static final int ANA_PERSISTENT_LOSS = 0x301;
  public static final int ANA_INACCESSIBLE = 0x302;
  public static final int ANA_TRANSITION = 0x303;
  public static final int HOST_PATH_ERROR = 0x370;
  public static final int ABORTED_BY_HOST = 0x371;

  // Vendor specific (SCT 7): the latency-intent extension.
  public static final int INTENT_NOT_GRANTED = 0x701;
  public static final int INTENT_MALFORMED = 0x702;
  public static final int INTENT_EXPIRED = 0x703;
  public static final int INTENT_RATE_LIMITED = 0x704;
  public static final int INTENT_SLOT_STALE = 0x705;
  public static final int INTENT_CANNOT_MEET = 0x706;

  private Status() {}

  public static int of(int sct, int sc) {
    return (sct & 7) << 8 | (sc & 0xFF);
  }

  public static int sc(int status) {
    return status & 0xFF;
  }

  public static int sct(int status) {
    return status >>> 8 & 7;
  }

  /** SCT and SC without retry hints: what two statuses are compared by. */
  public static int code(int status) {
    return status & 0x7FF;
  }

  public static boolean isSuccess(int status) {
    return (status & 0x7FF) == 0;
  }

  public static boolean doNotRetry(int status) {
    return (status & DNR) != 0;
  }
}
