package io.mora.protocol.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoHandle;
import org.jspecify.annotations.Nullable;

/**
 * A transport's I/O handler with the loop's turn around it: listeners before it may sleep, then
 * events, then listeners again; and polling instead of sleeping for a while after work.
 *
 * <p>Netty's loop runs {@code run(ctx)}, then tasks, for ever. Listeners run first thing in {@code
 * run} because tasks ran just before, and after the events when there were any. An idle pass of a
 * spinning loop so costs one round of listeners.
 *
 * <p>Only the loop's thread calls in, except {@link #wakeup}. See docs/decisions/002-loop-turn.md.
 */
final class TurnHandler implements IoHandler {
  private final IoHandler transport;
  private final @Nullable FileRing files;
  private final NettyLoop loop;
  private @Nullable Polling polling;
  private boolean busy = true;
  private long busyNs;

  /**
   * @param files the ring of a transport without one, or null
   */
  TurnHandler(IoHandler transport, @Nullable FileRing files, NettyLoop loop) {
    this.transport = transport;
    this.files = files;
    this.loop = loop;
  }

  @Override
  public int run(IoHandlerContext context) {
    loop.endTurn();
    loop.nextRound();
    int filesHandled = runFiles(context);
    boolean sleeps = maySleep(context) && (files == null || !files.hasUnsubmitted());
    int handled = transport.run(sleeps ? context : polling(context));
    if (handled > 0) {
      busy = true;
      loop.endTurn();
    }
    return handled + filesHandled;
  }

  private int runFiles(IoHandlerContext context) {
    int handled = files == null ? 0 : files.run(polling(context));
    if (handled > 0) {
      busy = true;
      loop.endTurn();
    }
    return handled;
  }

  /** A handler belongs to one loop; of its contexts any will do where nothing may sleep. */
  private Polling polling(IoHandlerContext context) {
    Polling known = polling;
    if (known == null) {
      known = new Polling(context);
      polling = known;
    }
    return known;
  }

  /** Sleeping is for a loop with nothing to run, nobody asking for a turn and its spin used up. */
  private boolean maySleep(IoHandlerContext context) {
    boolean awake = loop.takeStayAwake();
    long spinNs = loop.spinNs();
    if (spinNs == 0) {
      return !awake;
    }
    long nowNs = loop.refreshNow();
    if (busy || awake || !context.canBlock()) {
      busy = false;
      busyNs = nowNs;
      return false;
    }
    if (nowNs - busyNs >= spinNs) {
      return true;
    }
    Thread.onSpinWait();
    return false;
  }

  @Override
  public void initialize() {
    transport.initialize();
    if (files != null) {
      files.start(transport);
    }
  }

  @Override
  public void prepareToDestroy() {
    if (files != null) {
      files.prepareToDestroy();
    }
    transport.prepareToDestroy();
  }

  @Override
  public void destroy() {
    if (files != null) {
      files.destroy();
    }
    transport.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return files != null && handle instanceof IoUringIoHandle
        ? files.register(handle)
        : transport.register(handle);
  }

  @Override
  public void wakeup() {
    transport.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return transport.isCompatible(handleType)
        || files != null && IoUringIoHandle.class.isAssignableFrom(handleType);
  }

  /** The loop's context with sleeping forbidden. */
  private static final class Polling implements IoHandlerContext {
    private final IoHandlerContext context;

    Polling(IoHandlerContext context) {
      this.context = context;
    }

    @Override
    public boolean canBlock() {
      return false;
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
      return context.delayNanos(currentTimeNanos);
    }

    @Override
    public long deadlineNanos() {
      return context.deadlineNanos();
    }

    @Override
    public void reportActiveIoTime(long activeNanos) {
      context.reportActiveIoTime(activeNanos);
    }

    @Override
    public boolean shouldReportActiveIoTime() {
      return context.shouldReportActiveIoTime();
    }
  }
}
