package io.mora.initiator.path.io;

import io.mora.initiator.io.ConsumptionListener;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.CommandException;
import io.mora.protocol.NvmeException;
import org.jspecify.annotations.Nullable;

/** The end of an I/O that no controller answered, as this host tells it. */
record FailedIo(int status, int opcode, long submittedNs, @Nullable NvmeException failure)
    implements IoResult {
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

  @Override
  public long completedNs() {
    return System.nanoTime();
  }

  @Override
  public int completionCpu() {
    return -1;
  }

  @Override
  public @Nullable ConsumptionListener consumption() {
    return null;
  }

  @Override
  public NvmeException exception() {
    return failure != null ? failure : new CommandException(status, opcode, 0);
  }
}
