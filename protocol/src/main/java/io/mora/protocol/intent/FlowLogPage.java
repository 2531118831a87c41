package io.mora.protocol.intent;

import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Log E1h: the busiest flows of the asking controller.
 *
 * <pre>
 *   0 UUID 16, 16 count 4, zero to 64; then 32 bytes a flow:
 *   0 flow 2, 2 class 1, 4 commands 4, 8 misses 4, 12 p99 in ns 4, 16 locality misses 4, 20 churn 4
 * </pre>
 *
 * @param flows most commands first
 */
public record FlowLogPage(List<Flow> flows) {
  public static final int LID = 0xE1;
  public static final int HEADER_LENGTH = 64;
  public static final int ENTRY_LENGTH = 32;

  /** Most flows a page is read with, so that a length from the wire is bounded. */
  public static final int FLOWS_MAX = 1024;

  private static final int COUNT = 16;

  public FlowLogPage {
    flows = List.copyOf(flows);
  }

  /**
   * Counts are unsigned 32 bits.
   *
   * @param latencyClass class of its latest command
   * @param localityMisses from the host (E3h), as churn
   */
  public record Flow(
      int flow,
      int latencyClass,
      long commands,
      long misses,
      long p99Ns,
      long localityMisses,
      long churn) {}

  public int length() {
    return HEADER_LENGTH + flows.size() * ENTRY_LENGTH;
  }

  /** Writes {@link #length} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, length());
    IntentIdentify.uuidBytes().encode(buf, at);
    buf.setIntLE(at + COUNT, flows.size());
    int entry = at + HEADER_LENGTH;
    for (Flow flow : flows) {
      buf.setShortLE(entry, flow.flow);
      buf.setByte(entry + 2, flow.latencyClass);
      buf.setIntLE(entry + 4, (int) flow.commands);
      buf.setIntLE(entry + 8, (int) flow.misses);
      buf.setIntLE(entry + 12, (int) flow.p99Ns);
      buf.setIntLE(entry + 16, (int) flow.localityMisses);
      buf.setIntLE(entry + 20, (int) flow.churn);
      entry += ENTRY_LENGTH;
    }
  }

  /**
   * Reads a page.
   *
   * @throws IllegalArgumentException if it is not this log, tells of too many flows, or the buffer
   *     ends before them
   */
  public static FlowLogPage decode(ByteBuf buf, int at) {
    Bytes uuid = Bytes.copyOf(buf, at, COUNT);
    if (!uuid.equals(IntentIdentify.uuidBytes()) || buf.writerIndex() - at < HEADER_LENGTH) {
      throw new IllegalArgumentException("not log E1h: starts with " + uuid);
    }
    long count = buf.getUnsignedIntLE(at + COUNT);
    int room = (buf.writerIndex() - at - HEADER_LENGTH) / ENTRY_LENGTH;
    if (count > Math.min(room, FLOWS_MAX)) {
      throw new IllegalArgumentException(
          "count: " + count + " flows, at most " + Math.min(room, FLOWS_MAX));
    }
    List<Flow> flows = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      int entry = at + HEADER_LENGTH + i * ENTRY_LENGTH;
      flows.add(
          new Flow(
              buf.getUnsignedShortLE(entry),
              buf.getUnsignedByte(entry + 2),
              buf.getUnsignedIntLE(entry + 4),
              buf.getUnsignedIntLE(entry + 8),
              buf.getUnsignedIntLE(entry + 12),
              buf.getUnsignedIntLE(entry + 16),
              buf.getUnsignedIntLE(entry + 20)));
    }
    return new FlowLogPage(flows);
  }
}
