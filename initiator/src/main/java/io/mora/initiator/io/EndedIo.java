package io.mora.initiator.io;

import io.mora.protocol.NvmeException;
import org.jspecify.annotations.Nullable;

/** A copy of a result, to be read when the command itself is in use again. */
public class EndedIo implements IoResult {
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

  /** Of nothing yet: for a copy that is used again. */
  protected EndedIo() {}

  protected EndedIo(IoResult io) {
    take(io);
  }

  /** Becomes a copy of this one. */
  protected final void take(IoResult io) {
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
    readyNs = io.readyNs();
    completionCpu = io.completionCpu();
    consumerCpu = io.consumerCpu();
    failure = io.failure();
    consumption = io.consumption();
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
}
