package io.mora.cli.load.sync;

import io.mora.initiator.io.IoResult;
import io.mora.protocol.NvmeException;
import org.jspecify.annotations.Nullable;

/** How an I/O ended for the thread that waited for it: not before that went on. */
public final class Waited implements IoResult {
  private IoResult io;
  private long endNs;

  public Waited(IoResult io) {
    this.io = io;
  }

  public Waited of(IoResult ended, long newEndNs) {
    io = ended;
    endNs = newEndNs;
    return this;
  }

  @Override
  public int status() {
    return io.status();
  }

  @Override
  public long result() {
    return io.result();
  }

  @Override
  public int opcode() {
    return io.opcode();
  }

  @Override
  public int cid() {
    return io.cid();
  }

  @Override
  public int retries() {
    return io.retries();
  }

  @Override
  public long intendedStartNs() {
    return io.intendedStartNs();
  }

  @Override
  public long submittedNs() {
    return io.submittedNs();
  }

  @Override
  public long sentNs() {
    return io.sentNs();
  }

  @Override
  public long completedNs() {
    return endNs;
  }

  @Override
  public @Nullable NvmeException failure() {
    return io.failure();
  }
}
