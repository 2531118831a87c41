package io.mora.protocol.reservation;

import org.jspecify.annotations.Nullable;

/** What a reservation keeps from whom (RTYPE). */
public enum ReservationType {
  /** Only the holder writes. */
  WRITE_EXCLUSIVE(1),
  /** Only the holder reads and writes. */
  EXCLUSIVE_ACCESS(2),
  /** Only registrants write; one of them holds it. */
  WRITE_EXCLUSIVE_REGISTRANTS_ONLY(3),
  /** Only registrants read and write; one of them holds it. */
  EXCLUSIVE_ACCESS_REGISTRANTS_ONLY(4),
  /** Only registrants write; all of them hold it. */
  WRITE_EXCLUSIVE_ALL_REGISTRANTS(5),
  /** Only registrants read and write; all of them hold it. */
  EXCLUSIVE_ACCESS_ALL_REGISTRANTS(6);

  private static final ReservationType[] ALL = values();

  private final int code;

  ReservationType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The type of a code; null for none. */
  public static @Nullable ReservationType of(int code) {
    for (ReservationType type : ALL) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }

  /** Others may not even read. */
  public boolean keepsReaders() {
    return this == EXCLUSIVE_ACCESS
        || this == EXCLUSIVE_ACCESS_REGISTRANTS_ONLY
        || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
  }

  /** Every registrant may what the holder may. */
  public boolean admitsRegistrants() {
    return this != WRITE_EXCLUSIVE && this != EXCLUSIVE_ACCESS;
  }

  /** Every registrant is a holder. */
  public boolean heldByAll() {
    return this == WRITE_EXCLUSIVE_ALL_REGISTRANTS || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
  }
}
