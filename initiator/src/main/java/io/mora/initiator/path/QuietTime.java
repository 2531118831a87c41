package io.mora.initiator.path;

import io.mora.initiator.ConnectOptions;
import io.mora.protocol.data.IdentifyController;

/**
 * How long after the loss of a controller something that it was told may still be done; arithmetic
 * only.
 */
final class QuietTime {
  /*
   * The controller may believe in the association until its keep-alive timer has run out: up to
   * twice KATO after the host's last sign of life, three times where any traffic restarts the
   * timer and is only looked at each KATO. From then on it has CQT to be rid of its commands; one
   * that does not tell (0) gets a KATO for that.
   */
  private static final int TIMES = 2;
  private static final int TIMES_BY_TRAFFIC = 3;
  private static final int CQT_NOT_TOLD = 0;

  private QuietTime() {}

  /** In ms from when this host closed its connections, for a controller that tells nothing. */
  static long ms(ConnectOptions options, IdentifyController controller) {
    long grain = Math.max(1, controller.keepAliveGranularityMs());
    long katoMs = (options.keepAliveTimeoutMs() + grain - 1) / grain * grain;
    long times = controller.trafficBasedKeepAlive() ? TIMES_BY_TRAFFIC : TIMES;
    long cqtMs = controller.value(IdentifyController.Field.CQT);
    return times * katoMs + (cqtMs == CQT_NOT_TOLD ? katoMs : cqtMs);
  }
}
