package io.mora.initiator.signals;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.NvmeException;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.intent.Timing;
import org.jspecify.annotations.Nullable;

/** A result made up of the parts of its way, in microseconds. */
final class Example implements IoResult {
  private static final long US = 1000;
  private static final long BEGIN_NS = 5_000_000;

  private final Intent intent;
  private long hostQueueUs = 1;
  private long networkUs = 10;
  private long queueUs;
  private long deviceUs = 20;
  private long sendUs = 1;
  private long wakeUs;
  private int flags;
  private boolean timed = true;
  private int consumerCpu;
  int status;

  Example(Intent intent) {
    this.intent = intent;
  }

  Example hostQueue(long us) {
    hostQueueUs = us;
    return this;
  }

  Example network(long us) {
    networkUs = us;
    return this;
  }

  Example queue(long us, int newFlags) {
    queueUs = us;
    flags = newFlags;
    return this;
  }

  Example device(long us) {
    deviceUs = us;
    return this;
  }

  Example send(long us) {
    sendUs = us;
    return this;
  }

  Example wakeUp(long us, int cpu) {
    wakeUs = us;
    consumerCpu = cpu;
    return this;
  }

  Example untimed() {
    timed = false;
    return this;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public long result() {
    long total = queueUs + deviceUs + sendUs;
    return timed ? Timing.pack(queueUs * US, deviceUs * US, total * US, flags, 7, 0) : 0;
  }

  @Override
  public int opcode() {
    return NvmOpcode.READ;
  }

  @Override
  public int cid() {
    return 1;
  }

  @Override
  public int retries() {
    return 0;
  }

  @Override
  public int cdw2() {
    return intent.cdw2();
  }

  @Override
  public int cdw3() {
    return intent.cdw3();
  }

  @Override
  public long intendedStartNs() {
    return BEGIN_NS;
  }

  @Override
  public long submittedNs() {
    return BEGIN_NS;
  }

  @Override
  public long sentNs() {
    return BEGIN_NS + hostQueueUs * US;
  }

  @Override
  public long completedNs() {
    return sentNs() + (networkUs + queueUs + deviceUs + sendUs) * US;
  }

  @Override
  public long readyNs() {
    return completedNs() + wakeUs * US;
  }

  @Override
  public int completionCpu() {
    return 0;
  }

  @Override
  public int consumerCpu() {
    return consumerCpu;
  }

  @Override
  public @Nullable NvmeException failure() {
    return null;
  }
}
