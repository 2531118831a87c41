package io.mora.initiator.io;

import io.mora.protocol.NvmeException;
import org.jspecify.annotations.Nullable;

/**
 * The end of an I/O that no controller answered, as this host tells it.
 *
 * @param status a packed {@link io.mora.protocol.status.Status}
 * @param submittedNs when it was asked for, of {@link System#nanoTime}
 * @param completedNs when it ended, of the same clock
 * @param failure why, or null where the status says it all
 */
public record FailedIo(
    int status, int opcode, long submittedNs, long completedNs, @Nullable NvmeException failure)
    implements IoResult {
  /** One that ends now. */
  public static FailedIo now(
      int status, int opcode, long submittedNs, @Nullable NvmeException failure) {
    return new FailedIo(status, opcode, submittedNs, System.nanoTime(), failure);
  }

  @Override
  public long result() {
    return 0;
  }

  @Override
  public int cid() {
    return 0;
  }

  @Override
  public int retries() {
    return 0;
  }

  @Override
  public long intendedStartNs() {
    return submittedNs;
  }

  @Override
  public long sentNs() {
    return 0;
  }
}
