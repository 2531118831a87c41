package io.mora.initiator.io;

import io.mora.protocol.CommandException;
import io.mora.protocol.NvmeException;
import org.jspecify.annotations.Nullable;

/** A copy of a result, to be read when the command itself is in use again. */
public class EndedIo implements IoResult {
  private final int status;
  private final long result;
  private final int opcode;
  private final int cid;
  private final int retries;
  private final int cdw2;
  private final int cdw3;
  private final long intendedStartNs;
  private final long submittedNs;
  private final long sentNs;
  private final long completedNs;
  private final int completionCpu;
  private final @Nullable NvmeException failure;
  private final @Nullable ConsumptionListener consumption;

  // Set once, where the consumer first runs.
  private long readyNs;
  private int consumerCpu;

  protected EndedIo(IoResult io) {
    status = io.status();
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
    completionCpu = io.completionCpu();
    failure = io.failure();
    consumption = io.consumption();
    readyNs = io.readyNs();
    consumerCpu = io.consumerCpu();
  }

  /** The consumer runs now, on this CPU. */
  protected void ready(long nowNs, int cpu) {
    readyNs = nowNs;
    consumerCpu = cpu;
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
