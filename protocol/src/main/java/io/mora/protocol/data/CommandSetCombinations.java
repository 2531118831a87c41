package io.mora.protocol.data;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Identify I/O Command Set, CNS 1Ch: up to 512 bit vectors u64, each a combination of command sets
 * that may be enabled together; bit n is CSI n.
 *
 * @param vectors without the zeroes that pad the list
 */
public record CommandSetCombinations(List<Long> vectors) {
  public static final int LENGTH = 4096;
  public static final int ENTRIES_MAX = LENGTH / Long.BYTES;

  /** The NVM command set alone. */
  public static final CommandSetCombinations NVM_ONLY = new CommandSetCombinations(List.of(1L));

  public CommandSetCombinations {
    vectors = List.copyOf(vectors);
    if (vectors.size() > ENTRIES_MAX) {
      throw new IllegalArgumentException(vectors.size() + " vectors: at most " + ENTRIES_MAX);
    }
    if (vectors.contains(0L)) {
      throw new IllegalArgumentException("an empty combination ends the list");
    }
  }

  /** Reads up to the first zero vector; IllegalArgumentException if the buffer ends too early. */
  public static CommandSetCombinations decode(ByteBuf buf, int at) {
    Bytes all = Bytes.copyOf(buf, at, LENGTH);
    List<Long> vectors = new ArrayList<>();
    for (int i = 0; i < ENTRIES_MAX; i++) {
      long vector = all.littleEndian(i * Long.BYTES, Long.BYTES);
      if (vector == 0) {
        break;
      }
      vectors.add(vector);
    }
    return new CommandSetCombinations(vectors);
  }

  /** Writes all {@value #LENGTH} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    for (int i = 0; i < vectors.size(); i++) {
      buf.setLongLE(at + i * Long.BYTES, vectors.get(i));
    }
  }
}
