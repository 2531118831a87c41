package io.mora.protocol.net;

import io.netty.channel.IoEventLoop;

/**
 * One event loop on one thread, with a hook that runs once after each turn.
 *
 * <p>A turn is: wait for and deliver I/O events (sockets and own ring operations), run due tasks.
 * {@link TurnListener}s run after the events were delivered and before the loop may sleep again, so
 * that channel callbacks only parse and enqueue while ordering and flushing see everything that
 * arrived in the turn.
 */
public interface IoLoop {
  TransportKind transport();

  /** For registering channels and handles. */
  IoEventLoop eventLoop();

  /** True on this loop's own thread. */
  boolean inLoop();

  void execute(Runnable task);

  /** Adds a listener; on the loop's thread. Listeners run in order of addition. */
  void addTurnListener(TurnListener listener);

  void removeTurnListener(TurnListener listener);

  /** Nanoseconds of {@link System#nanoTime} read at the last {@link #refreshNow}; loop thread. */
  long nowNs();

  /** Reads the clock into {@link #nowNs}; a few times a turn, never once a command. */
  long refreshNow();

  /** CPU this loop's thread is pinned to, or -1. */
  int pinnedCpu();

  /** Stops the loop after its channels are closed; waits at most the given time. */
  boolean shutdown(long timeoutMs) throws InterruptedException;

  /** Something to do once a turn, on the loop's thread. */
  interface TurnListener {
    void endOfTurn();
  }
}
