package io.mora.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A failure at the initiator's API, with a scope: one command, or the connection under it.
 *
 * <p>Unchecked because it mostly travels as the cause of a failed {@code CompletionStage}. Inside
 * the target and on the data path a failure is a packed status, never an exception.
 */
public abstract sealed class NvmeException extends RuntimeException
    permits CommandException, ConnectionException {
  private static final long serialVersionUID = 1L;

  NvmeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Without a stack trace: the failure came off the wire, so where we stood says nothing. */
  NvmeException(String message) {
    super(message, null, true, false);
  }

  /** True when doing the same again may succeed. A write may have happened all the same. */
  public abstract boolean retryable();
}
