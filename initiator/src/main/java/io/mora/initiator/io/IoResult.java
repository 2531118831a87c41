package io.mora.initiator.io;

import io.mora.protocol.NvmeException;
import io.mora.protocol.intent.Timing;
import org.jspecify.annotations.Nullable;

/** How a command ended. All times are {@link System#nanoTime} of this process. */
public interface IoResult {
  /** A packed {@link io.mora.protocol.status.Status}. */
  int status();

  /** DW0 in the low half, DW1 in the high. */
  long result();

  default int dw0() {
    return (int) result();
  }

  default int dw1() {
    return (int) (result() >>> 32);
  }

  /**
   * True if the target told where the time went: {@link Timing#queueNs} and its like of {@link
   * #result}.
   */
  default boolean hasTargetTiming() {
    return Timing.isPresent(result());
  }

  int opcode();

  /** Identifier of the last try, for finding it in a capture. */
  int cid();

  /** Times it was sent beyond the first: after a lost connection, or data damaged on the way. */
  int retries();

  /** When the caller meant it to start; {@link #submittedNs} unless said otherwise. */
  long intendedStartNs();

  /** When it was handed to its queue. */
  long submittedNs();

  /** When its capsule was last handed to the socket; 0 if it never was. */
  long sentNs();

  /** When the bytes that ended it were read. */
  long completedNs();

  /** What ended it where no controller's answer did, or null. */
  @Nullable NvmeException failure();

  /** The exception for a status other than success: {@link #failure} or a CommandException. */
  NvmeException exception();
}
