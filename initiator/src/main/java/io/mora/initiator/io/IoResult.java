package io.mora.initiator.io;

import io.mora.protocol.CommandException;
import io.mora.protocol.NvmeException;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.Timing;
import org.jspecify.annotations.Nullable;

/** How a command ended. All times are {@link System#nanoTime} of this process. */
public interface IoResult {
  /** A packed {@link io.mora.protocol.status.Status}. */
  int status();

  default IoOutcome outcome() {
    return IoOutcome.of(status());
  }

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

  /** What the target told, as an object. */
  default TargetTiming target() {
    return TargetTiming.of(result());
  }

  /** Of a read that was {@link IoOutcome#REFUSED}: after how long to try again; else 0. */
  default long retryAfterNs() {
    return outcome() == IoOutcome.REFUSED ? (dw0() & 0xFFFF_FFFFL) * 1000 : 0;
  }

  int opcode();

  /** Identifier of the last try, for finding it in a capture. */
  int cid();

  /** Times it was sent beyond the first: after a lost connection, or data damaged on the way. */
  int retries();

  /** CDW2 as sent last: flow and budget of its intent. */
  default int cdw2() {
    return 0;
  }

  /** CDW3 as sent last: class and flags of its intent; 0 for none. */
  default int cdw3() {
    return 0;
  }

  /** When the caller meant it to start; {@link #submittedNs} unless said otherwise. */
  long intendedStartNs();

  /** When it was handed to its queue. */
  long submittedNs();

  /** When its capsule was last handed to the socket; 0 if it never was. */
  long sentNs();

  /** When the bytes that ended it were read from the socket: the drain. */
  long completedNs();

  /** When its consumer first ran, on the loop or on the consumer's executor. */
  default long readyNs() {
    return completedNs();
  }

  /** CPU that read the bytes that ended it, or -1 if that cannot be told. */
  default int completionCpu() {
    return -1;
  }

  /**
   * CPU of its consumer, or -1: where the consumer's executor first ran for it, or without one the
   * CPU the consumer declared, or without a consumer the loop's.
   */
  default int consumerCpu() {
    return -1;
  }

  /** Who wants to know when the data is put to use, or null. */
  default @Nullable ConsumptionListener consumption() {
    return null;
  }

  /**
   * Says that the data is being put to use now, such as handed to an accelerator: the end of the
   * gap from storage to there. Outside the callback use {@link Completion#consumed}.
   */
  default void consumed() {
    ConsumptionListener listener = consumption();
    if (listener != null) {
      listener.consumed(IntentCodec.latencyClass(cdw3()), System.nanoTime() - readyNs());
    }
  }

  /** What ended it where no controller's answer did, or null. */
  @Nullable NvmeException failure();

  /** The exception for a status other than success: {@link #failure} or a CommandException. */
  default NvmeException exception() {
    NvmeException known = failure();
    return known != null ? known : new CommandException(status(), opcode(), cid(), retryAfterNs());
  }
}
