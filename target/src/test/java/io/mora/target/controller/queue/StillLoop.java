package io.mora.target.controller.queue;

import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.LoopMemory;
import io.mora.protocol.net.TransportKind;
import io.netty.channel.IoEventLoop;

/** A loop without a thread: tasks run at once, time stands still until it is set. */
final class StillLoop implements IoLoop {
  long nowNs = 1;
  int clockReads;
  int awake;
  long round;

  @Override
  public TransportKind transport() {
    return TransportKind.NIO;
  }

  @Override
  public LoopMemory memory() {
    throw new UnsupportedOperationException("no sockets");
  }

  @Override
  public boolean hasFileRing() {
    return false;
  }

  @Override
  public IoEventLoop eventLoop() {
    throw new UnsupportedOperationException("no thread");
  }

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void addTurnListener(TurnListener listener) {
    throw new UnsupportedOperationException("no turns");
  }

  @Override
  public void removeTurnListener(TurnListener listener) {
    throw new UnsupportedOperationException("no turns");
  }

  @Override
  public void atEndOfTurn(TurnListener listener) {
    throw new UnsupportedOperationException("no turns");
  }

  @Override
  public void stayAwake() {
    awake++;
  }

  @Override
  public long round() {
    return round;
  }

  @Override
  public long spinNs() {
    return 0;
  }

  @Override
  public void spinNs(long spinNs) {
    throw new UnsupportedOperationException("no thread");
  }

  @Override
  public long nowNs() {
    return nowNs;
  }

  @Override
  public long refreshNow() {
    clockReads++;
    return nowNs;
  }

  @Override
  public int pinnedCpu() {
    return -1;
  }

  @Override
  public boolean shutdown(long timeoutMs) {
    return true;
  }
}
