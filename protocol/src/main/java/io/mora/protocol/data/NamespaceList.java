package io.mora.protocol.data;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of up to 1024 namespace ids, ascending, ended by zero: CNS 02h, 07h, 10h and log 04h.
 *
 * @param nsids unsigned 32-bit numbers, none zero, ascending
 */
public record NamespaceList(List<Integer> nsids) {
  public static final int LENGTH = 4096;
  public static final int ENTRIES_MAX = LENGTH / Integer.BYTES;

  public static final NamespaceList EMPTY = new NamespaceList(List.of());

  /** What log 04h holds when more than {@value #ENTRIES_MAX} namespaces changed: look at all. */
  public static final NamespaceList OVERFLOW = new NamespaceList(List.of(0xFFFFFFFF));

  /**
   * @throws IllegalArgumentException if there are too many, or they do not ascend from above zero
   */
  public NamespaceList {
    nsids = List.copyOf(nsids);
    if (nsids.size() > ENTRIES_MAX) {
      throw new IllegalArgumentException(nsids.size() + " nsids: at most " + ENTRIES_MAX);
    }
    int before = 0;
    for (int nsid : nsids) {
      if (Integer.compareUnsigned(nsid, before) <= 0) {
        throw new IllegalArgumentException(
            "nsid "
                + Integer.toUnsignedString(nsid)
                + " after "
                + Integer.toUnsignedString(before)
                + ": must ascend");
      }
      before = nsid;
    }
  }

  /** Reads {@value #LENGTH} bytes; IllegalArgumentException if they break the rules above. */
  public static NamespaceList decode(ByteBuf buf, int at) {
    Bytes all = Bytes.copyOf(buf, at, LENGTH);
    List<Integer> nsids = new ArrayList<>();
    for (int i = 0; i < ENTRIES_MAX; i++) {
      int nsid = (int) all.littleEndian(i * Integer.BYTES, Integer.BYTES);
      if (nsid == 0) {
        break;
      }
      nsids.add(nsid);
    }
    return new NamespaceList(nsids);
  }

  /** Writes all {@value #LENGTH} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    for (int i = 0; i < nsids.size(); i++) {
      buf.setIntLE(at + i * Integer.BYTES, nsids.get(i));
    }
  }

  public boolean isOverflow() {
    return equals(OVERFLOW);
  }
}
