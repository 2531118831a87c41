package io.mora.initiator.sync;

import io.mora.initiator.io.ConsumptionListener;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.CommandException;
import io.mora.protocol.NvmeException;
import io.mora.protocol.status.Status;
import org.jspecify.annotations.Nullable;

/**
 * The result of a thread's last call, used again by the next: a copy, and so nothing to allocate.
 */
final class ResultSlot implements IoResult, IoCallback {
  private boolean ended;
  private int status;
  private long result;
  private int opcode;
  private int cid;
  private int retries;
  private int cdw2;
  private int cdw3;
  private long intendedStartNs;
  private long submittedNs;
  private long sentNs;
  private long completedNs;
  private long readyNs;
  private int completionCpu;
  private int consumerCpu;
  private @Nullable NvmeException failure;
  private @Nullable ConsumptionListener consumption;

  ResultSlot begin() {
    ended = false;
    return this;
  }

  boolean hasEnded() {
    return ended;
  }

  @Override
  public void completed(long context, int newStatus, IoResult io) {
    status = newStatus;
    result = io.result();
    opcode = io.opcode();
    cid = io.cid();
    retries = io.retries();
    cdw2 = io.cdw2();
    cdw3 = io.cdw3();
    intendedStartNs = io.intendedStartNs();
    submittedNs = io.submittedNs();
    sentNs = io.sentNs();
    completedNs = io.completedNs();
    readyNs = io.readyNs();
    completionCpu = io.completionCpu();
    consumerCpu = io.consumerCpu();
    failure = io.failure();
    consumption = io.consumption();
    ended = true;
  }

  /** It was never accepted. */
  void refused(int asOpcode, NvmeException why) {
    status = Status.HOST_PATH_ERROR;
    result = 0;
    opcode = asOpcode;
    cid = 0;
    retries = 0;
    cdw2 = 0;
    cdw3 = 0;
    submittedNs = System.nanoTime();
    intendedStartNs = submittedNs;
    sentNs = 0;
    completedNs = submittedNs;
    readyNs = submittedNs;
    completionCpu = -1;
    consumerCpu = -1;
    failure = why;
    consumption = null;
    ended = true;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public long result() {
    return result;
  }

  @Override
  public int opcode() {
    return opcode;
  }

  @Override
  public int cid() {
    return cid;
  }

  @Override
  public int retries() {
    return retries;
  }

  @Override
  public int cdw2() {
    return cdw2;
  }

  @Override
  public int cdw3() {
    return cdw3;
  }

  @Override
  public long intendedStartNs() {
    return intendedStartNs;
  }

  @Override
  public long submittedNs() {
    return submittedNs;
  }

  @Override
  public long sentNs() {
    return sentNs;
  }

  @Override
  public long completedNs() {
    return completedNs;
  }

  @Override
  public long readyNs() {
    return readyNs;
  }

  @Override
  public int completionCpu() {
    return completionCpu;
  }

  @Override
  public int consumerCpu() {
    return consumerCpu;
  }

  @Override
  public @Nullable ConsumptionListener consumption() {
    return consumption;
  }

  @Override
  public @Nullable NvmeException failure() {
    return failure;
  }

  @Override
  public NvmeException exception() {
    NvmeException known = failure;
    return known != null ? known : new CommandException(status, opcode, cid, retryAfterNs());
  }
}
