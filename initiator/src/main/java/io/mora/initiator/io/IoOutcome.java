package io.mora.initiator.io;

import io.mora.protocol.CommandException;
import io.mora.protocol.status.Status;

/** How a command ended, as far as a caller who speculates needs to know. */
public enum IoOutcome {
  /** Done. */
  DONE,
  /** Dropped by the target because its budget was spent, as its intent allowed; nothing moved. */
  EXPIRED,
  /**
   * Refused by the target because its budget could not be met, as its intent allowed. Other pieces
   * of a read that takes several commands may have been read. {@link IoResult#retryAfterNs} says
   * when another try may be worth it.
   */
  REFUSED,
  /** Ended early because it was cancelled. */
  CANCELLED,
  /** Failed. */
  FAILED;

  private static final int CODE = 0x7FF;

  /**
   * @param status a packed {@link Status}
   */
  public static IoOutcome of(int status) {
    return switch (status & CODE) {
      case Status.SUCCESS -> DONE;
      case Status.INTENT_EXPIRED -> EXPIRED;
      case Status.INTENT_CANNOT_MEET -> REFUSED;
      case Status.ABORT_REQUESTED -> CANCELLED;
      default -> FAILED;
    };
  }

  /** Of the failure of a stage, bare or wrapped in a CompletionException. */
  public static IoOutcome of(Throwable failure) {
    Throwable cause = failure.getCause();
    if (failure instanceof CommandException answered) {
      return of(answered.status());
    }
    if (failure instanceof java.util.concurrent.CancellationException) {
      return CANCELLED;
    }
    return cause == null ? FAILED : of(cause);
  }
}
