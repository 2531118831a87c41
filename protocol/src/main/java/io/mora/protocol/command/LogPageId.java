package io.mora.protocol.command;

/** Log page identifiers. */
public final class LogPageId {
  public static final int SUPPORTED_LOG_PAGES = 0x00;
  public static final int ERROR_INFORMATION = 0x01;
  public static final int SMART_HEALTH = 0x02;
  public static final int FIRMWARE_SLOT = 0x03;
  public static final int CHANGED_NAMESPACES = 0x04;
  public static final int COMMANDS_SUPPORTED = 0x05;
  public static final int ANA = 0x0C;
  public static final int FEATURE_EFFECTS = 0x12;
  public static final int DISCOVERY = 0x70;
  public static final int RESERVATION_NOTIFICATION = 0x80;
  public static final int SANITIZE_STATUS = 0x81;

  private LogPageId() {}

  /** The spec's name, or the number for what is not known here. */
  public static String name(int code) {
    return switch (code) {
      case SUPPORTED_LOG_PAGES -> "Supported Log Pages";
      case ERROR_INFORMATION -> "Error Information";
      case SMART_HEALTH -> "SMART / Health Information";
      case FIRMWARE_SLOT -> "Firmware Slot Information";
      case CHANGED_NAMESPACES -> "Changed Attached Namespace List";
      case COMMANDS_SUPPORTED -> "Commands Supported and Effects";
      case ANA -> "Asymmetric Namespace Access";
      case FEATURE_EFFECTS -> "Feature Identifiers Supported and Effects";
      case DISCOVERY -> "Discovery";
      case RESERVATION_NOTIFICATION -> "Reservation Notification";
      case SANITIZE_STATUS -> "Sanitize Status";
      default -> "log page " + Integer.toHexString(code) + "h";
    };
  }
}
