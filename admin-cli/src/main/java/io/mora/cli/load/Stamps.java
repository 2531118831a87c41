package io.mora.cli.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What every I/O of a verified region must hold: a number of its place and of its last write.
 *
 * <pre>
 *   0 index       8   place in the region
 *   8 generation  8   how often it was written, in this run
 *  16 words       ..  a function of seed, index, generation and position
 * </pre>
 *
 * <p>Threads: an index belongs to one slot at a time, and slots hand over only between phases.
 */
public final class Stamps {
  /** Most I/Os a verified region may have: the generations are 4 bytes each. */
  public static final int INDICES_MAX = 64 << 20;

  private static final int HEADER_BYTES = 16;

  private final long seed;
  private final int[] generations;

  Stamps(long seed, long indices) {
    if (indices > INDICES_MAX) {
      throw new IllegalArgumentException(
          "a verified region of " + indices + " I/Os: at most " + INDICES_MAX);
    }
    this.seed = seed;
    this.generations = new int[(int) indices];
  }

  /** Fills a buffer, all of it, with the index' next generation. */
  void stamp(ByteBuffer data, long index) {
    int generation = ++generations[(int) index];
    data.order(ByteOrder.LITTLE_ENDIAN).putLong(0, index).putLong(8, generation);
    long state = state(index, generation);
    for (int at = HEADER_BYTES; at < data.capacity(); at += Long.BYTES) {
      data.putLong(at, word(state, at));
    }
  }

  /** Whether it was written in this run, so that its content is known. */
  boolean known(long index) {
    return generations[(int) index] != 0;
  }

  /** Null if the buffer holds the index' last generation, else what is wrong. */
  @Nullable String problem(ByteBuffer data, long index) {
    int generation = generations[(int) index];
    ByteBuffer found = data.order(ByteOrder.LITTLE_ENDIAN);
    if (found.getLong(0) != index || found.getLong(8) != generation) {
      return "I/O "
          + index
          + " of the region should hold its write "
          + generation
          + ", but begins with the words "
          + found.getLong(0)
          + " and "
          + found.getLong(8);
    }
    long state = state(index, generation);
    for (int at = HEADER_BYTES; at < data.capacity(); at += Long.BYTES) {
      if (found.getLong(at) != word(state, at)) {
        return "I/O "
            + index
            + " of the region differs from its write "
            + generation
            + " at byte "
            + at;
      }
    }
    return null;
  }

  private long state(long index, int generation) {
    return Dice.mix(seed + Dice.mix(index + Dice.mix(generation)));
  }

  private static long word(long state, int at) {
    return Dice.mix(state + at);
  }
}
