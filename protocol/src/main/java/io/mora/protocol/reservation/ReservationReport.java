package io.mora.protocol.reservation;

import io.mora.protocol.HostId;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The data of Reservation Report with host identifiers of 128 bits.
 *
 * <pre>
 *  0 GEN 4, 4 RTYPE 1, 5 REGSTRNT 2, 9 PTPLS 1, 64 registrants of 64 bytes:
 *    0 CNTLID 2, 2 RCSTS 1 (bit 0: holds the reservation), 8 RKEY 8, 16 HOSTID 16
 * </pre>
 *
 * @param generation changes with every registration
 * @param type RTYPE, 0 for no reservation
 * @param persistent it outlives a loss of power
 */
public record ReservationReport(
    int generation, int type, boolean persistent, List<Registrant> registrants) {
  public static final int HEADER_LENGTH = 64;
  public static final int REGISTRANT_LENGTH = 64;

  /** CNTLID where controllers are made when a host connects. */
  public static final int DYNAMIC = 0xFFFF;

  private static final int RTYPE = 4;
  private static final int REGSTRNT = 5;
  private static final int PTPLS = 9;
  private static final int RCSTS = 2;
  private static final int RKEY = 8;
  private static final int HOSTID = 16;
  private static final int HOLDER = 1;

  public ReservationReport {
    registrants = List.copyOf(registrants);
  }

  /**
   * @param cntlid of a controller of that host, or {@link #DYNAMIC}
   */
  public record Registrant(int cntlid, boolean holder, long key, HostId hostId) {}

  /** Bytes of the whole report. */
  public int length() {
    return HEADER_LENGTH + registrants.size() * REGISTRANT_LENGTH;
  }

  /** Writes {@link #length} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, length());
    buf.setIntLE(at, generation);
    buf.setByte(at + RTYPE, type);
    buf.setShortLE(at + REGSTRNT, registrants.size());
    buf.setByte(at + PTPLS, persistent ? 1 : 0);
    int each = at + HEADER_LENGTH;
    for (Registrant registrant : registrants) {
      buf.setShortLE(each, registrant.cntlid());
      buf.setByte(each + RCSTS, registrant.holder() ? HOLDER : 0);
      buf.setLongLE(each + RKEY, registrant.key());
      registrant.hostId().encode(buf, each + HOSTID);
      each += REGISTRANT_LENGTH;
    }
  }
}
