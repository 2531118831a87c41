package io.mora.target.transport;

import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one timer of a connection: what is set last replaces what was. Its loop's thread only. */
final class ConnectionTimer {
  private final Channel channel;
  private @Nullable ScheduledFuture<?> running;

  ConnectionTimer(Channel channel) {
    this.channel = channel;
  }

  void once(long afterMs, Runnable action) {
    cancel();
    running = channel.eventLoop().schedule(action, afterMs, TimeUnit.MILLISECONDS);
  }

  void every(long periodMs, Runnable action) {
    cancel();
    running =
        channel.eventLoop().scheduleAtFixedRate(action, periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  void cancel() {
    if (running != null) {
      running.cancel(false);
      running = null;
    }
  }
}
