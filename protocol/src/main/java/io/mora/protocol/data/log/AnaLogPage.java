package io.mora.protocol.data.log;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Asymmetric Namespace Access, log 0Ch: a header of 16 bytes, then groups.
 *
 * <pre>
 *   0 CHGCNT 8   change count of the log
 *   8 NGRPS  2   groups
 *  10 reserved 6
 * group:
 *   0 GRPID  4   8 CHGCNT 8   16 STATE 1
 *   4 NNSIDS 4                17 reserved 15   32 NSIDs, 4 bytes each, ascending
 * </pre>
 *
 * @param changeCount unsigned
 * @param groups at most 65535
 */
public record AnaLogPage(long changeCount, List<Group> groups) {
  public static final int HEADER_LENGTH = 16;
  public static final int GROUP_LENGTH = 32;

  /** STATE values. */
  public static final int OPTIMIZED = 1;

  public static final int NON_OPTIMIZED = 2;
  public static final int INACCESSIBLE = 3;
  public static final int PERSISTENT_LOSS = 4;
  public static final int CHANGE = 0xF;

  private static final int NGRPS = 8;
  private static final int GROUP_NNSIDS = 4;
  private static final int GROUP_CHGCNT = 8;
  private static final int GROUP_STATE = 16;

  /**
   * One ANA group.
   *
   * @param id 1..ANAGRPMAX, unsigned
   * @param changeCount unsigned
   * @param state bits 3:0
   * @param nsids unsigned; empty when only groups were asked for
   */
  public record Group(int id, long changeCount, int state, List<Integer> nsids) {
    public Group {
      nsids = List.copyOf(nsids);
      if (state < 0 || state > 0xF) {
        throw new IllegalArgumentException("ANA state " + state + ": 0 to 15");
      }
    }

    int lengthBytes() {
      return GROUP_LENGTH + nsids.size() * Integer.BYTES;
    }
  }

  public AnaLogPage {
    groups = List.copyOf(groups);
    if (groups.size() > 0xFFFF) {
      throw new IllegalArgumentException(groups.size() + " ANA groups: at most 65535");
    }
  }

  /** Bytes of the whole log. */
  public int lengthBytes() {
    int length = HEADER_LENGTH;
    for (Group group : groups) {
      length = Math.addExact(length, group.lengthBytes());
    }
    return length;
  }

  /**
   * Reads a whole log up to the buffer's end.
   *
   * @throws IllegalArgumentException if there are fewer bytes than groups and NSIDs need
   */
  public static AnaLogPage decode(ByteBuf buf, int at) {
    int end = buf.writerIndex();
    need(end - at, HEADER_LENGTH, "header");
    int count = buf.getUnsignedShortLE(at + NGRPS);
    List<Group> groups = new ArrayList<>();
    int pos = at + HEADER_LENGTH;
    for (int i = 0; i < count; i++) {
      need(end - pos, GROUP_LENGTH, "group");
      long nsidCount = buf.getUnsignedIntLE(pos + GROUP_NNSIDS);
      need(end - pos, GROUP_LENGTH + nsidCount * Integer.BYTES, "group");
      List<Integer> nsids = new ArrayList<>((int) nsidCount);
      for (int n = 0; n < nsidCount; n++) {
        nsids.add(buf.getIntLE(pos + GROUP_LENGTH + n * Integer.BYTES));
      }
      Group group =
          new Group(
              buf.getIntLE(pos),
              buf.getLongLE(pos + GROUP_CHGCNT),
              buf.getByte(pos + GROUP_STATE) & 0xF,
              nsids);
      groups.add(group);
      pos += group.lengthBytes();
    }
    return new AnaLogPage(buf.getLongLE(at), groups);
  }

  private static void need(int available, long bytes, String what) {
    if (available < bytes) {
      throw new IllegalArgumentException(
          "ANA log: " + what + " of " + bytes + " bytes, " + available + " left");
    }
  }

  /** Writes all {@link #lengthBytes()}. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, lengthBytes());
    buf.setLongLE(at, changeCount);
    buf.setShortLE(at + NGRPS, groups.size());
    int pos = at + HEADER_LENGTH;
    for (Group group : groups) {
      buf.setIntLE(pos, group.id());
      buf.setIntLE(pos + GROUP_NNSIDS, group.nsids().size());
      buf.setLongLE(pos + GROUP_CHGCNT, group.changeCount());
      buf.setByte(pos + GROUP_STATE, group.state());
      for (int n = 0; n < group.nsids().size(); n++) {
        buf.setIntLE(pos + GROUP_LENGTH + n * Integer.BYTES, group.nsids().get(n));
      }
      pos += group.lengthBytes();
    }
  }
}
