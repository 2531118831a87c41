package io.mora.target.controller.nvm;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.Timing;
import io.mora.protocol.status.Status;
import io.mora.target.controller.IntentState;
import io.mora.target.controller.queue.CommandSlot;

/** Reads a command's intent once the host has opted in, and writes its timing reply. */
final class IntentResolver {
  private static final int CLASS_NORMAL = 4;

  private final IntentState state;

  IntentResolver(IntentState state) {
    this.state = state;
  }

  /** At init: notes what the command asks for. */
  void resolve(CommandSlot slot) {
    if (!state.isEnabled()) {
      return;
    }
    int cdw3 = Sqe.cdw3(slot.sqe, 0);
    slot.wantsTiming =
        IntentCodec.version(cdw3) == IntentCodec.VERSION
            && ((cdw3 & IntentCodec.RT) != 0 || state.timingForAll());
  }

  /** Before the reply: DW0 and DW1 of a command that succeeded or met a media error. */
  void stamp(CommandSlot slot) {
    if (!slot.wantsTiming
        || !Status.isSuccess(slot.status) && Status.sct(slot.status) != Status.MEDIA) {
      return;
    }
    long queue = slot.issuedNs == 0 ? 0 : slot.issuedNs - slot.receivedNs;
    long device = slot.issuedNs == 0 ? 0 : slot.deviceDoneNs - slot.issuedNs;
    long total = slot.queuePair.turn().nowNs() - slot.receivedNs;
    if (!state.fineTiming()) {
      queue = Timing.coarse(queue);
      device = Timing.coarse(device);
      total = Timing.coarse(total);
    }
    slot.result = Timing.pack(queue, device, total, 0, CLASS_NORMAL, 0);
  }
}
