package io.mora.protocol.intent;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The objectives a host set on a controller: data of Get Features E2h, 16 bytes a class.
 *
 * <pre>
 *  0 flags 4    bit 0 events on
 *  4 p99 4      microseconds; 0 is no objective
 *  8 misses 2   allowed of 10 000 commands
 * 10 window 2   seconds
 * </pre>
 *
 * @param classes one entry for each class, 0 included
 */
public record SloTable(List<Slo> classes) {
  public static final int LENGTH = 128;

  private static final int ENTRY_LENGTH = 16;
  private static final int EVENTS = 1;
  private static final int P99 = 4;
  private static final int MISSES = 8;
  private static final int WINDOW = 10;

  public SloTable {
    classes = List.copyOf(classes);
    if (classes.size() != LatencyClass.COUNT) {
      throw new IllegalArgumentException("classes: " + classes.size() + ", 8 allowed");
    }
  }

  /**
   * @param p99Us microseconds, unsigned; 0 is no objective
   * @param missesPer10000 0 to 65535
   * @param windowS seconds, 0 to 65535
   */
  public record Slo(boolean events, long p99Us, int missesPer10000, int windowS) {
    public static final Slo NONE = new Slo(false, 0, 0, 0);
  }

  /** Writes {@value #LENGTH} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      Slo slo = classes.get(i);
      int entry = at + i * ENTRY_LENGTH;
      buf.setIntLE(entry, slo.events ? EVENTS : 0);
      buf.setIntLE(entry + P99, (int) slo.p99Us);
      buf.setShortLE(entry + MISSES, slo.missesPer10000);
      buf.setShortLE(entry + WINDOW, slo.windowS);
    }
  }

  /** Reads {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static SloTable decode(ByteBuf buf, int at) {
    if (at < 0 || buf.writerIndex() - at < LENGTH) {
      throw new IllegalArgumentException(
          "needs " + LENGTH + " bytes from " + at + ", buffer ends at " + buf.writerIndex());
    }
    Slo[] classes = new Slo[LatencyClass.COUNT];
    for (int i = 0; i < classes.length; i++) {
      int entry = at + i * ENTRY_LENGTH;
      classes[i] =
          new Slo(
              (buf.getIntLE(entry) & EVENTS) != 0,
              buf.getUnsignedIntLE(entry + P99),
              buf.getUnsignedShortLE(entry + MISSES),
              buf.getUnsignedShortLE(entry + WINDOW));
    }
    return new SloTable(List.of(classes));
  }
}
