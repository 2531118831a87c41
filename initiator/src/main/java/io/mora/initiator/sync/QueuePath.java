package io.mora.initiator.sync;

import io.mora.initiator.path.Reconnector;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.QueueOwner;
import io.mora.initiator.queue.QueueSettings;
import io.mora.initiator.sync.GateState.Kind;
import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.net.IoLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a thread's queue connected to whatever controller its association has; on that thread, when
 * it drives. A connection that was lost makes the association connect anew, as that of any queue.
 */
final class QueuePath implements QueueOwner {
  /** Until a refused Connect is tried again: the controller may still be busy with the last one. */
  private static final long AGAIN_MS = 10;

  private final QueueGate gate;
  private final IoLoop loop;
  private final HostQueuePair pair;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private @Nullable GateState seen;
  private @Nullable CompletableFuture<Void> ended;
  private boolean wanted;
  private boolean told;
  private long epoch;

  QueuePath(QueueGate gate, IoLoop loop, QueueSettings settings) {
    this.gate = gate;
    this.loop = loop;
    this.pair = HostQueuePair.create(loop, settings, this);
  }

  HostQueuePair pair() {
    return pair;
  }

  /** Completes when it is connected for the first time, or with what refused it. */
  CompletableFuture<Void> opened() {
    return opened;
  }

  /** Does what the association's state asks for; before each turn. */
  void follow() {
    GateState now = gate.state();
    if (now != seen && ended == null) {
      changed(now);
    }
    if (wanted && !pair.hasConnection()) {
      wanted = false;
      open(now);
    }
  }

  private void changed(GateState now) {
    seen = now;
    wanted = now.kind() == Kind.LIVE;
    switch (now.kind()) {
      case LIVE, SHUT -> drop(now.why());
      case FAILING -> pair.failFast(now.why());
      case CLOSING -> pair.refuse(now.why());
      case OVER -> end(now.why());
    }
  }

  /** Leaves the connection, which is of an earlier controller; nobody needs to know. */
  private void drop(ConnectionException why) {
    told = true;
    pair.disconnect(why);
  }

  private void open(GateState in) {
    LiveController controller = in.controller();
    if (controller == null) {
      return;
    }
    if (pair.qid() > controller.queues()) {
      String text = "the controller grants " + controller.queues() + " I/O queues";
      refused(in, new ConnectionException(Reason.CONTROLLER_FAILED, text + " and had more"));
      return;
    }
    told = false;
    pair.inCapsuleMax(controller.inCapsuleMax());
    pair.carryIntent(controller.intent(), gate.options().targetTiming());
    pair.open(controller.how())
        .whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                connected(in);
              } else {
                refused(in, Reconnector.causeOf(failure));
              }
            });
  }

  private void connected(GateState in) {
    if (in != seen || ended != null) {
      return;
    }
    long before = epoch;
    epoch = in.epoch();
    pair.resume(nsid -> in.goneSince(nsid, before));
    opened.complete(null);
  }

  private void refused(GateState in, Throwable cause) {
    drop(new ConnectionException(Reason.LOST, "queue " + pair.qid() + ": " + cause.getMessage()));
    if (cause instanceof CommandException answer && answer.retryable()) {
      loop.eventLoop().schedule(() -> again(in), AGAIN_MS, TimeUnit.MILLISECONDS);
      return;
    }
    if (!(cause instanceof ConnectionException lost && lost.retryable()) && ended == null) {
      String text = "queue " + pair.qid() + " is refused: " + cause.getMessage();
      pair.failFast(new ConnectionException(Reason.INCOMPATIBLE, text, cause));
    }
    opened.completeExceptionally(cause);
  }

  private void again(GateState in) {
    wanted |= in == seen && ended == null;
  }

  @Override
  public void connectionEnded(HostQueuePair queue, ConnectionException cause) {
    GateState in = seen;
    if (!told && ended == null && in != null && in.kind() == Kind.LIVE && opened.isDone()) {
      gate.lost(queue, in, cause);
    }
    told = true;
  }

  @Override
  public void abort(HostQueuePair queue, int cid, Runnable settled) {
    try {
      gate.abort(queue, cid, settled);
    } catch (RejectedExecutionException initiatorEnded) {
      settled.run();
    }
  }

  /** Ends every command and the connection, for good. */
  void end(ConnectionException why) {
    if (ended == null) {
      CompletableFuture<Void> closed = new CompletableFuture<>();
      ended = closed;
      wanted = false;
      opened.completeExceptionally(why);
      pair.close(why).thenRun(() -> closed.complete(null));
    }
  }

  /** {@link #end} was called. */
  boolean isEnding() {
    return ended != null;
  }

  /** Nothing of it is left. */
  boolean isEnded() {
    return ended != null && ended.isDone();
  }
}
