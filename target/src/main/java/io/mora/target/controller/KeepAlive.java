package io.mora.target.controller;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keep-alive timer of a controller. Any command on any queue restarts it (traffic based keep
 * alive), and its own command never waits behind I/O: it is answered on the admin queue's shard.
 */
public final class KeepAlive {
  /** KAS: granularity in 100 ms units. */
  public static final int KAS = 10;

  private static final long UNIT_MS = KAS * 100L;

  /** The longest that fits the feature's 32 bits. */
  private static final long KATO_MAX_MS = 0xFFFFFFFFL / UNIT_MS * UNIT_MS;

  /** What a busy host or a stopped loop may be late before its controller is given up. */
  private static final long GRACE_MS = UNIT_MS + 500;

  /**
   * A discovery controller without keep-alive, and any controller that was shut down, is closed
   * after this long without a command.
   */
  private static final long IDLE_MS = 120_000;

  private final Controller controller;
  private long katoMs;
  private @Nullable ScheduledFuture<?> timer;
  private boolean shutDown;
  private boolean ended;

  KeepAlive(Controller controller, long katoMs) {
    this.controller = controller;
    this.katoMs = roundUp(katoMs);
  }

  /** The timeout in force in ms, a multiple of the granularity; 0 for none. */
  public long katoMs() {
    return katoMs;
  }

  /** Set Features 0Fh. */
  public void katoMs(long newKatoMs) {
    katoMs = roundUp(newKatoMs);
    start();
  }

  private static long roundUp(long ms) {
    return Math.min(KATO_MAX_MS, (ms + UNIT_MS - 1) / UNIT_MS * UNIT_MS);
  }

  private long limitMs() {
    if (shutDown) {
      return IDLE_MS;
    }
    if (katoMs == 0) {
      return controller.subsystem().isDiscovery() ? IDLE_MS : 0;
    }
    return katoMs + GRACE_MS;
  }

  /** The controller was enabled: its own timeout holds. */
  void enabled() {
    shutDown = false;
    start();
  }

  /**
   * The host shut the controller down: its keep-alive is over, its connection is not kept for ever.
   */
  void shutDown() {
    shutDown = true;
    start();
  }

  /** The association is over. */
  void end() {
    ended = true;
    stop();
  }

  /** Starts the timer, anew if it runs. */
  void start() {
    stop();
    long limitMs = limitMs();
    if (limitMs > 0 && !ended) {
      lookAfter(limitMs);
    }
  }

  /** Looks when the time would be up, not at intervals: there may be thousands of controllers. */
  private void lookAfter(long ms) {
    timer =
        controller
            .home()
            .shard()
            .loop()
            .eventLoop()
            .schedule(this::check, ms, TimeUnit.MILLISECONDS);
  }

  private void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void check() {
    long silentMs = (controller.home().nowNs() - controller.lastCommandNs()) / 1_000_000;
    if (silentMs <= limitMs()) {
      lookAfter(limitMs() - silentMs + 1);
    } else {
      controller.properties().fatal();
      controller.end("no command for " + silentMs + " ms, keep-alive timeout " + katoMs + " ms");
    }
  }
}
