package io.mora.protocol.data.log;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The Discovery log, 70h: a header of 1024 bytes and entries of 1024 bytes.
 *
 * <pre>
 *   0 GENCTR 8   changes with every visible change
 *   8 NUMREC 8   entries
 *  16 RECFMT 2   0
 *  18 DLPF   1   bit 0 extended, 1 port-local, 2 all subsystems: what was served
 *  19 reserved 1
 *  20 TDLPL  4   bytes of the whole log
 *  24 reserved 1000
 * </pre>
 *
 * @param generation GENCTR, unsigned
 * @param flags DLPF
 * @param entries at most {@value #ENTRIES_MAX}
 */
public record DiscoveryLogPage(long generation, int flags, List<DiscoveryLogEntry> entries) {
  public static final int HEADER_LENGTH = 1024;

  /**
   * Most entries this side makes or accepts, so that a log stays within 16 MiB; a log with more is
   * refused as malformed.
   */
  public static final int ENTRIES_MAX = 16383;

  public static final int GENCTR = 0;
  public static final int NUMREC = 8;
  public static final int RECFMT = 16;
  public static final int DLPF = 18;
  public static final int TDLPL = 20;

  public DiscoveryLogPage {
    entries = List.copyOf(entries);
    if (entries.size() > ENTRIES_MAX) {
      throw new IllegalArgumentException(entries.size() + " entries: at most " + ENTRIES_MAX);
    }
    if (flags < 0 || flags > 0xFF) {
      throw new IllegalArgumentException("flags " + flags + ": 0 to 255");
    }
  }

  /** Bytes of the whole log. */
  public int lengthBytes() {
    return lengthBytes(entries.size());
  }

  private static int lengthBytes(int entries) {
    return HEADER_LENGTH + entries * DiscoveryLogEntry.LENGTH;
  }

  /** GENCTR of a header, of which at least 20 bytes are there. */
  public static long generation(ByteBuf header, int at) {
    return header.getLongLE(at + GENCTR);
  }

  /**
   * NUMREC of a header, of which at least 20 bytes are there.
   *
   * @throws IllegalArgumentException if the format is unknown or there are too many entries
   */
  public static int recordCount(ByteBuf header, int at) {
    int format = header.getUnsignedShortLE(at + RECFMT);
    long count = header.getLongLE(at + NUMREC);
    if (format != 0) {
      throw new IllegalArgumentException("discovery log RECFMT " + format + ": 0");
    }
    if (count < 0 || count > ENTRIES_MAX) {
      throw new IllegalArgumentException(
          "discovery log NUMREC " + Long.toUnsignedString(count) + ": at most " + ENTRIES_MAX);
    }
    return (int) count;
  }

  /**
   * Reads a whole log.
   *
   * @throws IllegalArgumentException if the format is unknown, or there are too many entries or
   *     fewer bytes than they need
   */
  public static DiscoveryLogPage decode(ByteBuf buf, int at) {
    int available = buf.writerIndex() - at;
    if (available < HEADER_LENGTH) {
      throw new IllegalArgumentException("discovery log of " + available + " bytes");
    }
    int count = recordCount(buf, at);
    if (available < lengthBytes(count)) {
      throw new IllegalArgumentException(
          "discovery log of " + available + " bytes for " + count + " entries");
    }
    List<DiscoveryLogEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(DiscoveryLogEntry.decode(buf, at + lengthBytes(i)));
    }
    return new DiscoveryLogPage(generation(buf, at), buf.getUnsignedByte(at + DLPF), entries);
  }

  /** Writes all {@link #lengthBytes()}. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, HEADER_LENGTH);
    buf.setLongLE(at + GENCTR, generation);
    buf.setLongLE(at + NUMREC, entries.size());
    buf.setByte(at + DLPF, flags);
    buf.setIntLE(at + TDLPL, lengthBytes());
    for (int i = 0; i < entries.size(); i++) {
      entries.get(i).encode(buf, at + lengthBytes(i));
    }
  }
}
