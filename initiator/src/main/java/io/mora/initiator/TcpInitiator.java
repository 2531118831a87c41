package io.mora.initiator;

import org.jspecify.annotations.Nullable;

/** Starts loops; the queue layer under it follows. */
final class TcpInitiator {
  private static final @Nullable Initiator NONE = null;

  private TcpInitiator() {}

  static Initiator start(InitiatorOptions options) {
    if (NONE == null) {
      throw new UnsupportedOperationException("no queues yet for " + options.loops() + " loops");
    }
    return NONE;
  }
}
