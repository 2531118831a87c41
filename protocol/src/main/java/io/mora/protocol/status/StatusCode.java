package io.mora.protocol.status;

import static io.mora.protocol.status.StatusKind.ABORTED;
import static io.mora.protocol.status.StatusKind.ACCESS;
import static io.mora.protocol.status.StatusKind.CAPACITY;
import static io.mora.protocol.status.StatusKind.CONTROLLER;
import static io.mora.protocol.status.StatusKind.MEDIA;
import static io.mora.protocol.status.StatusKind.OTHER;
import static io.mora.protocol.status.StatusKind.PATH;
import static io.mora.protocol.status.StatusKind.REQUEST;
import static io.mora.protocol.status.StatusKind.RESERVATION;
import static io.mora.protocol.status.StatusKind.STATE;
import static io.mora.protocol.status.StatusKind.TRANSIENT;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and meanings of the standard statuses and of the latency-intent extension's, for people.
 * Code on the data path compares the ints of {@link Status}.
 *
 * <p>SCT 1 from 80h on means one thing on a fabrics command and another on an I/O command, so a
 * lookup wants the opcode too.
 */
public enum StatusCode {
  SUCCESS(0x000, StatusKind.SUCCESS, "Successful Completion"),
  INVALID_COMMAND_OPCODE(0x001, REQUEST, "Invalid Command Opcode"),
  INVALID_FIELD_IN_COMMAND(0x002, REQUEST, "Invalid Field in Command"),
  COMMAND_ID_CONFLICT(0x003, REQUEST, "Command ID Conflict"),
  DATA_TRANSFER_ERROR(0x004, TRANSIENT, "Data Transfer Error"),
  COMMANDS_ABORTED_DUE_TO_POWER_LOSS_NOTIFICATION(
      0x005, ABORTED, "Commands Aborted due to Power Loss Notification"),
  INTERNAL_ERROR(0x006, CONTROLLER, "Internal Error"),
  COMMAND_ABORT_REQUESTED(0x007, ABORTED, "Command Abort Requested"),
  COMMAND_ABORTED_DUE_TO_SQ_DELETION(0x008, ABORTED, "Command Aborted due to SQ Deletion"),
  COMMAND_ABORTED_DUE_TO_FAILED_FUSED_COMMAND(
      0x009, ABORTED, "Command Aborted due to Failed Fused Command"),
  COMMAND_ABORTED_DUE_TO_MISSING_FUSED_COMMAND(
      0x00A, REQUEST, "Command Aborted due to Missing Fused Command"),
  INVALID_NAMESPACE_OR_FORMAT(0x00B, REQUEST, "Invalid Namespace or Format"),
  COMMAND_SEQUENCE_ERROR(0x00C, STATE, "Command Sequence Error"),
  INVALID_SGL_SEGMENT_DESCRIPTOR(0x00D, REQUEST, "Invalid SGL Segment Descriptor"),
  INVALID_NUMBER_OF_SGL_DESCRIPTORS(0x00E, REQUEST, "Invalid Number of SGL Descriptors"),
  DATA_SGL_LENGTH_INVALID(0x00F, REQUEST, "Data SGL Length Invalid"),
  METADATA_SGL_LENGTH_INVALID(0x010, REQUEST, "Metadata SGL Length Invalid"),
  SGL_DESCRIPTOR_TYPE_INVALID(0x011, REQUEST, "SGL Descriptor Type Invalid"),
  INVALID_USE_OF_CONTROLLER_MEMORY_BUFFER(
      0x012, REQUEST, "Invalid Use of Controller Memory Buffer"),
  PRP_OFFSET_INVALID(0x013, REQUEST, "PRP Offset Invalid"),
  ATOMIC_WRITE_UNIT_EXCEEDED(0x014, REQUEST, "Atomic Write Unit Exceeded"),
  OPERATION_DENIED(0x015, ACCESS, "Operation Denied"),
  SGL_OFFSET_INVALID(0x016, REQUEST, "SGL Offset Invalid"),
  HOST_IDENTIFIER_INCONSISTENT_FORMAT(0x018, REQUEST, "Host Identifier Inconsistent Format"),
  KEEP_ALIVE_TIMER_EXPIRED(0x019, STATE, "Keep Alive Timer Expired"),
  KEEP_ALIVE_TIMEOUT_INVALID(0x01A, REQUEST, "Keep Alive Timeout Invalid"),
  COMMAND_ABORTED_DUE_TO_PREEMPT_AND_ABORT(
      0x01B, ABORTED, "Command Aborted due to Preempt and Abort"),
  SANITIZE_FAILED(0x01C, STATE, "Sanitize Failed"),
  SANITIZE_IN_PROGRESS(0x01D, TRANSIENT, "Sanitize In Progress"),
  SGL_DATA_BLOCK_GRANULARITY_INVALID(0x01E, REQUEST, "SGL Data Block Granularity Invalid"),
  NAMESPACE_IS_WRITE_PROTECTED(0x020, ACCESS, "Namespace is Write Protected"),
  COMMAND_INTERRUPTED(0x021, TRANSIENT, "Command Interrupted"),
  TRANSIENT_TRANSPORT_ERROR(0x022, TRANSIENT, "Transient Transport Error"),
  COMMAND_PROHIBITED_BY_COMMAND_AND_FEATURE_LOCKDOWN(
      0x023, ACCESS, "Command Prohibited by Command and Feature Lockdown"),
  ADMIN_COMMAND_MEDIA_NOT_READY(0x024, TRANSIENT, "Admin Command Media Not Ready"),
  INVALID_KEY_TAG(0x025, REQUEST, "Invalid Key Tag"),
  HOST_DISPERSED_NAMESPACE_SUPPORT_NOT_ENABLED(
      0x026, STATE, "Host Dispersed Namespace Support Not Enabled"),
  HOST_IDENTIFIER_NOT_INITIALIZED(0x027, STATE, "Host Identifier Not Initialized"),
  INCORRECT_KEY(0x028, ACCESS, "Incorrect Key"),
  FDP_DISABLED(0x029, STATE, "FDP Disabled"),
  INVALID_PLACEMENT_HANDLE_LIST(0x02A, REQUEST, "Invalid Placement Handle List"),
  LBA_OUT_OF_RANGE(0x080, REQUEST, "LBA Out of Range"),
  CAPACITY_EXCEEDED(0x081, CAPACITY, "Capacity Exceeded"),
  NAMESPACE_NOT_READY(0x082, TRANSIENT, "Namespace Not Ready"),
  RESERVATION_CONFLICT(0x083, RESERVATION, "Reservation Conflict"),
  FORMAT_IN_PROGRESS(0x084, TRANSIENT, "Format In Progress"),
  INVALID_VALUE_SIZE(0x085, REQUEST, "Invalid Value Size"),
  INVALID_KEY_SIZE(0x086, REQUEST, "Invalid Key Size"),
  KV_KEY_DOES_NOT_EXIST(0x087, REQUEST, "KV Key Does Not Exist"),
  UNRECOVERED_ERROR(0x088, STATE, "Unrecovered Error"),
  KEY_EXISTS(0x089, STATE, "Key Exists"),
  COMPLETION_QUEUE_INVALID(0x100, REQUEST, "Completion Queue Invalid"),
  INVALID_QUEUE_IDENTIFIER(0x101, REQUEST, "Invalid Queue Identifier"),
  INVALID_QUEUE_SIZE(0x102, REQUEST, "Invalid Queue Size"),
  ABORT_COMMAND_LIMIT_EXCEEDED(0x103, STATE, "Abort Command Limit Exceeded"),
  ASYNCHRONOUS_EVENT_REQUEST_LIMIT_EXCEEDED(
      0x105, STATE, "Asynchronous Event Request Limit Exceeded"),
  INVALID_FIRMWARE_SLOT(0x106, REQUEST, "Invalid Firmware Slot"),
  INVALID_FIRMWARE_IMAGE(0x107, REQUEST, "Invalid Firmware Image"),
  INVALID_LOG_PAGE(0x109, REQUEST, "Invalid Log Page"),
  INVALID_FORMAT(0x10A, REQUEST, "Invalid Format"),
  FIRMWARE_ACTIVATION_REQUIRES_CONVENTIONAL_RESET(
      0x10B, STATE, "Firmware Activation Requires Conventional Reset"),
  FEATURE_IDENTIFIER_NOT_SAVEABLE(0x10D, REQUEST, "Feature Identifier Not Saveable"),
  FEATURE_NOT_CHANGEABLE(0x10E, REQUEST, "Feature Not Changeable"),
  FEATURE_NOT_NAMESPACE_SPECIFIC(0x10F, REQUEST, "Feature Not Namespace Specific"),
  FIRMWARE_ACTIVATION_REQUIRES_NVM_SUBSYSTEM_RESET(
      0x110, STATE, "Firmware Activation Requires NVM Subsystem Reset"),
  FIRMWARE_ACTIVATION_REQUIRES_CONTROLLER_LEVEL_RESET(
      0x111, STATE, "Firmware Activation Requires Controller Level Reset"),
  OVERLAPPING_RANGE(0x114, REQUEST, "Overlapping Range"),
  NAMESPACE_INSUFFICIENT_CAPACITY(0x115, CAPACITY, "Namespace Insufficient Capacity"),
  NAMESPACE_IDENTIFIER_UNAVAILABLE(0x116, CAPACITY, "Namespace Identifier Unavailable"),
  NAMESPACE_ALREADY_ATTACHED(0x118, STATE, "Namespace Already Attached"),
  NAMESPACE_IS_PRIVATE(0x119, ACCESS, "Namespace Is Private"),
  NAMESPACE_NOT_ATTACHED(0x11A, STATE, "Namespace Not Attached"),
  THIN_PROVISIONING_NOT_SUPPORTED(0x11B, REQUEST, "Thin Provisioning Not Supported"),
  CONTROLLER_LIST_INVALID(0x11C, REQUEST, "Controller List Invalid"),
  DEVICE_SELF_TEST_IN_PROGRESS(0x11D, STATE, "Device Self-test In Progress"),
  INVALID_CONTROLLER_IDENTIFIER(0x11F, REQUEST, "Invalid Controller Identifier"),
  ANA_GROUP_IDENTIFIER_INVALID(0x124, REQUEST, "ANA Group Identifier Invalid"),
  ANA_ATTACH_FAILED(0x125, PATH, "ANA Attach Failed"),
  NAMESPACE_ATTACHMENT_LIMIT_EXCEEDED(0x127, STATE, "Namespace Attachment Limit Exceeded"),
  IO_COMMAND_SET_NOT_SUPPORTED(0x129, REQUEST, "I/O Command Set Not Supported"),
  IO_COMMAND_SET_NOT_ENABLED(0x12A, STATE, "I/O Command Set Not Enabled"),
  IO_COMMAND_SET_COMBINATION_REJECTED(0x12B, REQUEST, "I/O Command Set Combination Rejected"),
  INVALID_IO_COMMAND_SET(0x12C, REQUEST, "Invalid I/O Command Set"),
  IDENTIFIER_UNAVAILABLE(0x12D, CAPACITY, "Identifier Unavailable"),
  CONFLICTING_ATTRIBUTES(0x180, REQUEST, "Conflicting Attributes"),
  INVALID_PROTECTION_INFORMATION(0x181, REQUEST, "Invalid Protection Information"),
  ATTEMPTED_WRITE_TO_READ_ONLY_RANGE(0x182, ACCESS, "Attempted Write to Read Only Range"),
  COMMAND_SIZE_LIMIT_EXCEEDED(0x183, REQUEST, "Command Size Limit Exceeded"),
  INCOMPATIBLE_NAMESPACE_OR_FORMAT(0x185, REQUEST, "Incompatible Namespace or Format"),
  FAST_COPY_NOT_POSSIBLE(0x186, STATE, "Fast Copy Not Possible"),
  OVERLAPPING_IO_RANGE(0x187, REQUEST, "Overlapping I/O Range"),
  INSUFFICIENT_RESOURCES(0x189, CAPACITY, "Insufficient Resources"),
  CONNECT_INCOMPATIBLE_FORMAT(0x180, true, REQUEST, "Connect Incompatible Format"),
  CONNECT_CONTROLLER_BUSY(0x181, true, TRANSIENT, "Connect Controller Busy"),
  CONNECT_INVALID_PARAMETERS(0x182, true, REQUEST, "Connect Invalid Parameters"),
  CONNECT_RESTART_DISCOVERY(0x183, true, STATE, "Connect Restart Discovery"),
  CONNECT_INVALID_HOST(0x184, true, ACCESS, "Connect Invalid Host"),
  INVALID_QUEUE_TYPE(0x185, true, REQUEST, "Invalid Queue Type"),
  DISCOVER_RESTART(0x190, true, TRANSIENT, "Discover Restart"),
  AUTHENTICATION_REQUIRED(0x191, true, ACCESS, "Authentication Required"),
  WRITE_FAULT(0x280, MEDIA, "Write Fault"),
  UNRECOVERED_READ_ERROR(0x281, MEDIA, "Unrecovered Read Error"),
  END_TO_END_GUARD_CHECK_ERROR(0x282, MEDIA, "End-to-end Guard Check Error"),
  END_TO_END_APPLICATION_TAG_CHECK_ERROR(0x283, MEDIA, "End-to-end Application Tag Check Error"),
  END_TO_END_REFERENCE_TAG_CHECK_ERROR(0x284, MEDIA, "End-to-end Reference Tag Check Error"),
  COMPARE_FAILURE(0x285, MEDIA, "Compare Failure"),
  ACCESS_DENIED(0x286, ACCESS, "Access Denied"),
  DEALLOCATED_OR_UNWRITTEN_LOGICAL_BLOCK(0x287, MEDIA, "Deallocated or Unwritten Logical Block"),
  END_TO_END_STORAGE_TAG_CHECK_ERROR(0x288, MEDIA, "End-to-end Storage Tag Check Error"),
  INTERNAL_PATH_ERROR(0x300, PATH, "Internal Path Error"),
  ASYMMETRIC_ACCESS_PERSISTENT_LOSS(0x301, PATH, "Asymmetric Access Persistent Loss"),
  ASYMMETRIC_ACCESS_INACCESSIBLE(0x302, PATH, "Asymmetric Access Inaccessible"),
  ASYMMETRIC_ACCESS_TRANSITION(0x303, PATH, "Asymmetric Access Transition"),
  CONTROLLER_PATHING_ERROR(0x360, PATH, "Controller Pathing Error"),
  HOST_PATHING_ERROR(0x370, PATH, "Host Pathing Error"),
  COMMAND_ABORTED_BY_HOST(0x371, ABORTED, "Command Aborted By Host"),
  INTENT_NOT_GRANTED(0x701, ACCESS, "Latency Class Not Granted"),
  INTENT_MALFORMED(0x702, REQUEST, "Malformed Latency Intent"),
  INTENT_EXPIRED(0x703, ABORTED, "Latency Budget Expired"),
  INTENT_RATE_LIMITED(0x704, TRANSIENT, "Latency Intent Rate Limited"),
  INTENT_SLOT_STALE(0x705, STATE, "Registration Slot Stale"),
  INTENT_CANNOT_MEET(0x706, TRANSIENT, "Latency Budget Cannot Be Met");

  /** Opcode of every fabrics command. */
  private static final int FABRICS_OPCODE = 0x7F;

  private static final Map<Integer, StatusCode> BY_CODE = index(false);
  private static final Map<Integer, StatusCode> BY_FABRICS_CODE = index(true);

  private final int code;
  private final boolean fabrics;
  private final StatusKind kind;
  private final String specName;

  StatusCode(int code, StatusKind kind, String specName) {
    this.code = code;
    this.fabrics = false;
    this.kind = kind;
    this.specName = specName;
  }

  /** One that only a fabrics command completes with. */
  StatusCode(int code, boolean fabrics, StatusKind kind, String specName) {
    this.code = code;
    this.fabrics = fabrics;
    this.kind = kind;
    this.specName = specName;
  }

  /** Looks a status of a command up; null if it is vendor specific or unknown. */
  public static @Nullable StatusCode of(int status, int opcode) {
    StatusCode found = null;
    if (opcode == FABRICS_OPCODE) {
      found = BY_FABRICS_CODE.get(Status.code(status));
    }
    return found != null ? found : BY_CODE.get(Status.code(status));
  }

  /** The kind of any status, known or not. */
  public static StatusKind kindOf(int status, int opcode) {
    StatusCode found = of(status, opcode);
    if (found != null) {
      return found.kind;
    }
    return switch (Status.sct(status)) {
      case Status.MEDIA -> MEDIA;
      case Status.PATH -> PATH;
      default -> OTHER;
    };
  }

  /**
   * One line for an error message: name, {@code SCT/SC}, retry bits, advice. For example {@code LBA
   * Out of Range (0/80 DNR); correct the command; repeating it cannot succeed}.
   */
  public static String describe(int status, int opcode) {
    StatusCode found = of(status, opcode);
    String name = found != null ? found.specName : unknownName(status);
    StringBuilder text = new StringBuilder(name).append(" (").append(number(status));
    int crd = status >>> Status.CRD_SHIFT & 3;
    if (crd != 0) {
      text.append(" CRD").append(crd);
    }
    if ((status & Status.MORE) != 0) {
      text.append(" MORE");
    }
    if (Status.doNotRetry(status)) {
      text.append(" DNR");
    }
    text.append(')');
    StatusKind kind = kindOf(status, opcode);
    return kind == StatusKind.SUCCESS ? text.toString() : text + "; " + kind.advice();
  }

  /** {@code SCT/SC}, as the wire reference writes it: 1 digit, 2 hex digits. */
  public static String number(int status) {
    String sc = Integer.toHexString(0x100 | Status.sc(status)).substring(1);
    return Status.sct(status) + "/" + sc.toUpperCase(Locale.ROOT);
  }

  private static String unknownName(int status) {
    return Status.sct(status) == Status.VENDOR ? "Vendor Specific Status" : "Unknown Status";
  }

  private static Map<Integer, StatusCode> index(boolean fabrics) {
    Map<Integer, StatusCode> map = new HashMap<>();
    for (StatusCode status : values()) {
      if (status.fabrics == fabrics) {
        map.put(status.code, status);
      }
    }
    return map;
  }

  /** SCT and SC as in {@link Status#code}. */
  public int code() {
    return code;
  }

  /** Only fabrics commands complete with it. */
  public boolean fabricsOnly() {
    return fabrics;
  }

  public StatusKind kind() {
    return kind;
  }

  /** The specification's name. */
  public String specName() {
    return specName;
  }

  /** What the host should do. */
  public String advice() {
    return kind.advice();
  }
}
