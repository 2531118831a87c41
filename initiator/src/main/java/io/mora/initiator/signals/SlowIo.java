package io.mora.initiator.signals;

import io.mora.initiator.io.IoResult;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.Timing;

/** Tells flight recordings of an I/O that took long; without the jdk.jfr module nobody is told. */
final class SlowIo {
  private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private SlowIo() {}

  static void tell(IoResult io) {
    if (AVAILABLE) {
      commit(io);
    }
  }

  private static void commit(IoResult io) {
    SlowIoEvent event = new SlowIoEvent();
    if (!event.isEnabled()) {
      return;
    }
    event.opcode = io.opcode();
    event.cid = io.cid();
    event.status = io.status();
    event.latencyClass = IntentCodec.latencyClass(io.cdw3());
    event.flow = IntentCodec.flow(io.cdw2());
    event.totalNs = io.readyNs() - io.intendedStartNs();
    event.hostQueueNs = io.sentNs() == 0 ? 0 : io.sentNs() - io.submittedNs();
    event.wakeUpNs = io.readyNs() - io.completedNs();
    event.targetTotalNs = Timing.isPresent(io.result()) ? Timing.totalNs(io.result()) : 0;
    event.deviceNs = Timing.isPresent(io.result()) ? Timing.deviceNs(io.result()) : 0;
    event.completionCpu = io.completionCpu();
    event.consumerCpu = io.consumerCpu();
    event.cause = LateCause.of(io).name();
    event.commit();
  }
}
