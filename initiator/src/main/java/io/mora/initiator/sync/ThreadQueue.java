package io.mora.initiator.sync;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.QueueSettings;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.net.DrivenLoop;
import io.mora.protocol.net.LoopOptions;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An I/O queue of an association that one thread has for itself and drives itself: it sends its
 * commands, looks for their answers, and no other thread has a part in that. Made by {@link
 * io.mora.initiator.Association#openThreadQueue}.
 *
 * <pre>{@code
 * try (ThreadQueue mine = array.openThreadQueue(ThreadQueue.SPIN_NS_MAX)) {
 *   SyncNamespace pages = mine.on(array.namespace(1));
 *   IoResult read = pages.read(0, 8, page);
 *   if (read.outcome() != IoOutcome.DONE) {
 *     throw read.exception();
 *   }
 * }
 * }</pre>
 *
 * <p><b>Between two calls nothing happens on it</b>: what was submitted is not sent, answers wait
 * in the socket, and a command's time may run out. Keep-alive and reconnecting are the
 * association's, which has loops for them.
 *
 * <p><b>Lost connections.</b> A loss is found at the next call. Calls wait for the reconnect, and
 * what was unanswered is sent again, as on any queue; a call that has waited for {@link
 * io.mora.initiator.ConnectOptions#ioTimeoutMs} ends everything that is held on the queue with
 * {@link Reason#TIMEOUT}, and from then on calls fail at once until there is a connection. If the
 * association ends, a waiting call ends with its cause, and so does every later one.
 *
 * <p><b>Threads.</b> The owner's, which is the thread that opened it; others get an
 * IllegalStateException that names it. {@link #close} may be called by any and never waits for
 * another. A callback must neither call nor poll nor close: it may submit.
 */
public final class ThreadQueue implements AutoCloseable {
  /** In effect: polls until there is an answer. Ten seconds. */
  public static final long SPIN_NS_MAX = LoopOptions.MAX_SPIN_NS;

  /** Longest sleep until it is looked again whether time is up. */
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long {@link #close} waits for the socket, beside the drain of commands. */
  private static final long CLOSE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Thread owner = Thread.currentThread();
  private final QueueGate gate;
  private final NamespaceViews views;
  private final DrivenLoop loop;
  private final QueuePath path;
  private final HostQueuePair pair;
  private final ResultSlot result = new ResultSlot();
  private final AtomicBoolean driven = new AtomicBoolean();
  private volatile boolean closeAsked;
  private boolean closed;
  private long vainSinceNs;

  private ThreadQueue(QueueGate gate, NamespaceViews views, QueueSettings settings, long spinNs) {
    this.gate = gate;
    this.views = views;
    this.loop = DrivenLoop.ofThisThread(gate.transport(), LoopOptions.DEFAULT.withSpinNs(spinNs));
    this.path = new QueuePath(gate, loop.loop(), settings);
    this.pair = path.pair();
    loop.turn(0); // The queue makes itself at home there.
  }

  /** As {@link io.mora.initiator.Association#openThreadQueue}. */
  public static ThreadQueue open(QueueGate gate, NamespaceViews views, long spinNs) {
    while (true) {
      ThreadQueue queue = new ThreadQueue(gate, views, gate.place(), spinNs);
      if (gate.attach(queue)) {
        queue.connect();
        return queue;
      }
      queue.close(); // Somebody was quicker.
    }
  }

  private void connect() {
    long ms = gate.options().attemptTimeoutMs();
    boolean interrupted = enter();
    try {
      long startNs = System.nanoTime();
      while (!path.opened().isDone()) {
        turn(LOOK_NS);
        if (System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(ms)) {
          path.end(
              new ConnectionException(Reason.TIMEOUT, this + ": no connection in " + ms + " ms"));
        }
      }
    } finally {
      leave(interrupted);
    }
    try {
      path.opened().join();
    } catch (CompletionException e) {
      close();
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** The only thread that may use it. */
  public Thread owner() {
    return owner;
  }

  /** Its number at the controller, above those of the loops' queues. */
  public int qid() {
    return pair.qid();
  }

  /**
   * A namespace of the same association on this queue; its intent stays, its consumer is this
   * thread.
   *
   * @throws IllegalArgumentException if it is another association's
   */
  public SyncNamespace on(RemoteNamespace namespace) {
    return new SyncNamespace(this, views.on(namespace, this));
  }

  /** Commands submitted and not ended; any thread. */
  public int outstanding() {
    return pair.outstanding();
  }

  /**
   * Sends what was submitted and ends what was answered, without waiting.
   *
   * @return commands that have not ended
   */
  public int poll() {
    boolean interrupted = enter();
    try {
      if (!closed) {
        turn(0);
      }
      return pair.outstanding();
    } finally {
      leave(interrupted);
    }
  }

  /** Waits until every command submitted here has ended; those its callbacks submit, too. */
  public void awaitAll() {
    boolean interrupted = enter();
    try {
      while (pair.outstanding() > 0 && !closed) {
        await();
      }
    } finally {
      leave(interrupted);
    }
  }

  /**
   * Gives the queue back; another thread may then have one. Commands under way get {@link
   * io.mora.initiator.ConnectOptions#drainTimeoutMs}, and end with {@link Reason#CLOSED}.
   *
   * <p>From another thread it only asks and returns at once: the owner's call under way, or its
   * next, ends so; the socket stays open until the owner calls this or ends its call.
   */
  @Override
  public void close() {
    if (Thread.currentThread() != owner) {
      closeAsked = true;
      gate.wake(this);
      return;
    }
    boolean interrupted = enter();
    try {
      if (!closed) {
        ConnectionException why = closing();
        pair.refuse(why);
        drain(TimeUnit.MILLISECONDS.toNanos(gate.options().drainTimeoutMs()));
        end(why);
      }
    } finally {
      leave(interrupted);
    }
  }

  private void drain(long mostNs) {
    long startNs = System.nanoTime();
    while (pair.isLive() && pair.outstanding() > 0 && System.nanoTime() - startNs < mostNs) {
      turn(LOOK_NS);
    }
  }

  private void end(ConnectionException why) {
    path.end(why);
    long startNs = System.nanoTime();
    while (!path.isEnded() && System.nanoTime() - startNs < CLOSE_NS) {
      turn(LOOK_NS);
    }
    closed = true;
    gate.detach(this);
    loop.close();
  }

  private ConnectionException closing() {
    return new ConnectionException(Reason.CLOSED, this + " was closed");
  }

  // For those who wait.

  /** The owner drives from now until {@link #leave}; tells whether it is to be interrupted then. */
  boolean enter() {
    requireOwner();
    if (driven.getPlain()) {
      throw new IllegalStateException(
          this + ": called by a callback of its own, which may only submit");
    }
    driven.lazySet(true);
    vainSinceNs = 0;
    loop.loop().stayAwake();
    return Thread.interrupted();
  }

  void leave(boolean interrupted) {
    if (path.isEnding() && !closed && closeAsked) {
      end(closing());
    }
    driven.lazySet(false);
    if (interrupted) {
      owner.interrupt();
    }
  }

  ResultSlot beginResult() {
    return result.begin();
  }

  void await(ResultSlot slot) {
    while (!slot.hasEnded()) {
      await();
    }
  }

  /**
   * Waits a turn for a place.
   *
   * @return false if there will be none: the slot says why
   */
  boolean awaitRoom(RemoteNamespace view, int opcode, ResultSlot slot) {
    if (!pair.isAccepting()) {
      slot.refused(opcode, pair.failure());
      return false;
    }
    if (!views.isThere(view)) {
      slot.refused(opcode, new ConnectionException(Reason.INCOMPATIBLE, view + " is gone"));
      return false;
    }
    await();
    return true;
  }

  /** A turn of a wait. Without a connection it has an end, and with it what is held. */
  private void await() {
    turn(LOOK_NS);
    if (pair.isLive()) {
      vainSinceNs = 0;
      return;
    }
    long nowNs = System.nanoTime();
    long ms = gate.options().ioTimeoutMs();
    if (vainSinceNs == 0) {
      vainSinceNs = nowNs;
    } else if (nowNs - vainSinceNs > TimeUnit.MILLISECONDS.toNanos(ms) && !path.isEnding()) {
      pair.failFast(
          new ConnectionException(Reason.TIMEOUT, this + ": no connection for " + ms + " ms"));
    }
  }

  private void turn(long waitNs) {
    path.follow();
    if (closeAsked) {
      path.end(closing());
    }
    loop.turn(waitNs);
  }

  /** Its owner waits, or polls, right now; any thread. */
  boolean isDriven() {
    return driven.get();
  }

  /** Ends the owner's sleep; while attached. */
  void wakeup() {
    loop.wakeup();
  }

  /**
   * The queue to submit to.
   *
   * @throws IllegalStateException on any thread but the owner's
   */
  public HostQueuePair queue() {
    requireOwner();
    return pair;
  }

  private void requireOwner() {
    Thread caller = Thread.currentThread();
    if (caller != owner) {
      throw new IllegalStateException(
          this + ": thread \"" + caller.getName() + "\" must open one of its own");
    }
  }

  @Override
  public String toString() {
    return "queue " + pair.qid() + " of thread \"" + owner.getName() + "\"";
  }
}
