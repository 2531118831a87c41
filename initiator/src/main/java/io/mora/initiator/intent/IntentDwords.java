package io.mora.initiator.intent;

import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.intent.IntentCodec;
import org.jspecify.annotations.Nullable;

/** Completes CDW3 with what is known only when a command is sent. */
public final class IntentDwords {
  private static final int TIMING_ONLY = IntentCodec.cdw3(0, IntentCodec.RT, 0, 0);

  private IntentDwords() {}

  /**
   * The CDW3 to send.
   *
   * @param cdw3 of an {@link Intent}, 0 for none
   * @param timing every command asks for a timing reply
   */
  public static int complete(
      int cdw3,
      boolean timing,
      int opcode,
      @Nullable IoConsumer consumer,
      @Nullable RegisteredRegion region) {
    int slot = region == null ? 0 : region.slot();
    int whole = cdw3;
    if (whole == 0) {
      if (!timing && slot == 0) {
        return 0;
      }
      whole = timing ? TIMING_ONLY : IntentCodec.cdw3(0, 0, 0, 0);
    } else if (timing) {
      whole |= IntentCodec.RT;
    }
    if (opcode != NvmOpcode.READ) {
      whole &= ~IntentCodec.EXPIRE; // Only a read may be dropped.
    }
    if (consumer != null) {
      whole |= IntentCodec.cdw3(0, 0, 0, consumer.tag());
    }
    return IntentCodec.withRegistration(whole, slot);
  }
}
