package io.mora.target.metrics;

import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a queue pair has moved since it was made: one writer, any number of readers.
 *
 * <p>Readers may be a command behind, never see a torn value.
 */
public final class IoTotals {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int READS = 0;
  private static final int READ_BYTES = 1;
  private static final int WRITES = 2;
  private static final int WRITE_BYTES = 3;
  private static final int MEDIA_ERRORS = 4;
  private static final int VERIFIED_BYTES = 5;
  private static final int COUNTERS = 6;

  private final long[] counters = new long[COUNTERS];

  /**
   * Counts a command that ended; the owner's thread only.
   *
   * @param bytes it moved between host and target
   * @param ownBytes it moved within the target
   */
  public void count(int opcode, int status, long bytes, long ownBytes) {
    if (!Status.isSuccess(status)) {
      bump(MEDIA_ERRORS, isMediaError(status) ? 1 : 0);
    } else if (opcode == NvmOpcode.READ || opcode == NvmOpcode.COMPARE) {
      bump(READS, 1);
      bump(READ_BYTES, bytes);
    } else if (opcode == NvmOpcode.WRITE) {
      bump(WRITES, 1);
      bump(WRITE_BYTES, bytes);
    } else if (opcode == NvmOpcode.VERIFY) {
      bump(VERIFIED_BYTES, ownBytes);
    }
  }

  /** The medium has lost something; a Compare that differs has found what it was asked for. */
  public static boolean isMediaError(int status) {
    return Status.sct(status) == Status.MEDIA
        && Status.code(status) != Status.COMPARE_FAILURE
        && Status.code(status) != Status.ACCESS_DENIED
        && Status.code(status) != Status.DEALLOCATED_OR_UNWRITTEN;
  }

  public void add(IoTotals other) {
    for (int i = 0; i < COUNTERS; i++) {
      bump(i, other.get(i));
    }
  }

  public long reads() {
    return get(READS);
  }

  public long readBytes() {
    return get(READ_BYTES);
  }

  /** What Verify has read. */
  public long verifiedBytes() {
    return get(VERIFIED_BYTES);
  }

  public long writes() {
    return get(WRITES);
  }

  public long writeBytes() {
    return get(WRITE_BYTES);
  }

  /** Commands that ended with an error of the medium. */
  public long mediaErrors() {
    return get(MEDIA_ERRORS);
  }

  private void bump(int counter, long by) {
    LONGS.setOpaque(counters, counter, counters[counter] + by);
  }

  private long get(int counter) {
    return (long) LONGS.getOpaque(counters, counter);
  }
}
