package io.mora.protocol.data.log;

import io.netty.buffer.ByteBuf;

/**
 * Reservation Notification, log 80h: the oldest that was not read.
 *
 * @param count number of this one, from 1; 0 with the empty page
 * @param type one of the constants
 * @param more further ones that wait, at most 255
 * @param nsid whose reservation it is about
 */
public record ReservationNotification(long count, int type, int more, int nsid) {
  public static final int LENGTH = 64;

  public static final int REGISTRATION_PREEMPTED = 1;
  public static final int RESERVATION_RELEASED = 2;
  public static final int RESERVATION_PREEMPTED = 3;

  /** Nothing has happened. */
  public static final ReservationNotification EMPTY = new ReservationNotification(0, 0, 0, 0);

  private static final int TYPE = 8;
  private static final int MORE = 9;
  private static final int NSID = 12;

  /** Writes {@value #LENGTH} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    buf.setLongLE(at, count);
    buf.setByte(at + TYPE, type);
    buf.setByte(at + MORE, Math.min(more, 0xFF));
    buf.setIntLE(at + NSID, nsid);
  }
}
