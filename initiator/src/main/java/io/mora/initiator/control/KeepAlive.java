package io.mora.initiator.control;

import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.PendingCommand;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.status.Status;
import io.mora.protocol.status.StatusCode;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends Keep Alive every half KATO; on the admin queue's loop. One that is not answered within KATO
 * is a command timeout, which ends the connection: a dead peer is noticed within 1.5 KATO.
 */
public final class KeepAlive {
  private static final Logger LOG = LoggerFactory.getLogger(KeepAlive.class);
  private static final int RESERVED = 1;

  private final HostQueuePair queue;
  private final long katoMs;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param katoMs 0 for none
   */
  public KeepAlive(HostQueuePair queue, long katoMs) {
    this.queue = queue;
    this.katoMs = katoMs;
  }

  public void start() {
    stop();
    if (katoMs > 0) {
      long halfMs = Math.max(1, katoMs / 2);
      timer =
          queue
              .loop()
              .eventLoop()
              .scheduleAtFixedRate(this::send, halfMs, halfMs, TimeUnit.MILLISECONDS);
    }
  }

  public void stop() {
    ScheduledFuture<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void send() {
    PendingCommand command = queue.reserved(RESERVED);
    if (command == null) {
      return;
    }
    command
        .start(AdminOpcode.KEEP_ALIVE, 0)
        .timeoutNs(TimeUnit.MILLISECONDS.toNanos(katoMs))
        .callback(
            (context, status, result) -> {
              if (!Status.isSuccess(status) && result.failure() == null) {
                LOG.warn("Keep Alive: {}", StatusCode.describe(status, AdminOpcode.KEEP_ALIVE));
              }
            },
            0);
    queue.publish(command);
  }
}
