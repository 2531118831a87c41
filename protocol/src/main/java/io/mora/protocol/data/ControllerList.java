package io.mora.protocol.data;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * A controller list, CNS 12h and 13h: a count u16 and as many controller ids u16, ascending.
 *
 * @param controllerIds 0..FFFFh, at most {@value #ENTRIES_MAX}
 */
public record ControllerList(List<Integer> controllerIds) {
  public static final int LENGTH = 4096;
  public static final int ENTRIES_MAX = LENGTH / Short.BYTES - 1;

  public ControllerList {
    controllerIds = List.copyOf(controllerIds);
    if (controllerIds.size() > ENTRIES_MAX) {
      throw new IllegalArgumentException(controllerIds.size() + " ids: at most " + ENTRIES_MAX);
    }
    for (int id : controllerIds) {
      if (id < 0 || id > 0xFFFF) {
        throw new IllegalArgumentException("controller id " + id + ": 0 to 65535");
      }
    }
  }

  /** Reads {@value #LENGTH} bytes; IllegalArgumentException if the count is above the maximum. */
  public static ControllerList decode(ByteBuf buf, int at) {
    Bytes all = Bytes.copyOf(buf, at, LENGTH);
    int count = (int) all.littleEndian(0, Short.BYTES);
    if (count > ENTRIES_MAX) {
      throw new IllegalArgumentException("count " + count + ": at most " + ENTRIES_MAX);
    }
    List<Integer> ids = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      ids.add((int) all.littleEndian(i * Short.BYTES, Short.BYTES));
    }
    return new ControllerList(ids);
  }

  /** Writes all {@value #LENGTH} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    buf.setShortLE(at, controllerIds.size());
    for (int i = 0; i < controllerIds.size(); i++) {
      buf.setShortLE(at + (i + 1) * Short.BYTES, controllerIds.get(i));
    }
  }
}
