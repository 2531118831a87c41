package io.mora.protocol.command;

/** Feature identifiers. */
public final class FeatureId {
  public static final int ARBITRATION = 0x01;
  public static final int POWER_MANAGEMENT = 0x02;
  public static final int TEMPERATURE_THRESHOLD = 0x04;
  public static final int ERROR_RECOVERY = 0x05;
  public static final int VOLATILE_WRITE_CACHE = 0x06;
  public static final int NUMBER_OF_QUEUES = 0x07;
  public static final int WRITE_ATOMICITY = 0x0A;
  public static final int ASYNC_EVENT_CONFIGURATION = 0x0B;
  public static final int TIMESTAMP = 0x0E;
  public static final int KEEP_ALIVE_TIMER = 0x0F;
  public static final int HOST_BEHAVIOR = 0x16;
  public static final int HOST_IDENTIFIER = 0x81;
  public static final int RESERVATION_MASK = 0x82;
  public static final int RESERVATION_PERSISTENCE = 0x83;
  public static final int WRITE_PROTECTION = 0x84;

  private FeatureId() {}

  /** The spec's name, or the number for what is not known here. */
  public static String name(int code) {
    return switch (code) {
      case ARBITRATION -> "Arbitration";
      case POWER_MANAGEMENT -> "Power Management";
      case TEMPERATURE_THRESHOLD -> "Temperature Threshold";
      case ERROR_RECOVERY -> "Error Recovery";
      case VOLATILE_WRITE_CACHE -> "Volatile Write Cache";
      case NUMBER_OF_QUEUES -> "Number of Queues";
      case WRITE_ATOMICITY -> "Write Atomicity Normal";
      case ASYNC_EVENT_CONFIGURATION -> "Asynchronous Event Configuration";
      case TIMESTAMP -> "Timestamp";
      case KEEP_ALIVE_TIMER -> "Keep Alive Timer";
      case HOST_BEHAVIOR -> "Host Behavior Support";
      case HOST_IDENTIFIER -> "Host Identifier";
      case RESERVATION_MASK -> "Reservation Notification Mask";
      case RESERVATION_PERSISTENCE -> "Reservation Persistence";
      case WRITE_PROTECTION -> "Namespace Write Protection";
      default -> "feature " + Integer.toHexString(code) + "h";
    };
  }
}
