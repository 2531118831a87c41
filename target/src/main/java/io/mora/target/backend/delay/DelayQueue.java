package io.mora.target.backend.delay;

import io.mora.protocol.net.IoLoop;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.shard.Shard;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A shard's operations at a {@link DelayBackend}, each held until its time has come. */
final class DelayQueue implements BackendQueue, IoLoop.TurnListener, Runnable {
  /*
   * A loop that sleeps until a time wakes some tens of microseconds late, as much as the delays
   * that are modelled. So it is woken early by that much and then looks at the clock every turn.
   */

  /** How long before an operation's end the loop stops sleeping. */
  private static final long AWAKE_NS = 60_000;

  /** Data of operations that end in one turn, so that sockets get their turn. */
  private static final long TURN_BYTES = 256 << 10;

  private static final int HEAP_INITIAL = 64;
  private static final long NEVER = Long.MIN_VALUE;

  private final BackendQueue inner;
  private final IoLoop loop;
  private final DeviceProfile profile;
  private final Occupancy occupancy;
  private final SplittableRandom random;

  /** A binary heap by end; first come, first served among equals. */
  private @Nullable Held[] heap = new Held[HEAP_INITIAL];

  private int held;
  private int inside;
  private long arrivals;
  private @Nullable Held spare;
  private long timerNs = NEVER;

  DelayQueue(BackendQueue inner, Shard shard, DeviceProfile profile, Occupancy occupancy) {
    this.inner = inner;
    this.loop = shard.loop();
    this.profile = profile;
    this.occupancy = occupancy;
    random = new SplittableRandom(profile.seed() + shard.index());
    loop.addTurnListener(this);
  }

  @Override
  public void submit(IoRequest request) {
    // The loop's time may be from before it slept; a model that starts in the past is no model.
    long nowNs = loop.refreshNow();
    boolean moves = request.op == IoRequest.READ || request.op == IoRequest.WRITE;
    long dataBytes = moves ? request.lengthBytes : 0;
    OperationTime time = profile.of(request.op);
    long endNs = occupancy.take(nowNs, time.serverNs(random, dataBytes), time.sharedNs(dataBytes));
    Held entry = spare == null ? new Held(this) : spare;
    spare = entry.nextSpare;
    entry.hold(request, endNs, arrivals++);
    add(entry);
    awaitFirst(nowNs);
  }

  /** Ends what is due; the shard's thread. */
  @Override
  public void endOfTurn() {
    if (held == 0) {
      return;
    }
    long nowNs = loop.refreshNow();
    long bytes = 0;
    for (Held first = first(); held > 0 && first.endNs - nowNs <= 0; first = first()) {
      if (bytes >= TURN_BYTES) {
        break;
      }
      remove();
      inside++;
      bytes += first.begin();
      inner.submit(first);
      // Replies are written at the end of a turn, and this may have been behind that.
      loop.stayAwake();
      if (held == 0) {
        return;
      }
    }
    awaitFirst(nowNs);
  }

  /** The timer: the turn that it began does the rest. */
  @Override
  public void run() {
    timerNs = NEVER;
  }

  private void awaitFirst(long nowNs) {
    long wakeNs = first().endNs - AWAKE_NS;
    if (wakeNs - nowNs <= 0) {
      loop.stayAwake();
    } else if (timerNs == NEVER || wakeNs - timerNs < 0) {
      // A timer set for later still comes, for nothing.
      timerNs = wakeNs;
      loop.eventLoop().schedule(this, wakeNs - nowNs, TimeUnit.NANOSECONDS);
    }
  }

  private Held first() {
    return Objects.requireNonNull(heap[0]);
  }

  private Held at(int index) {
    return Objects.requireNonNull(heap[index]);
  }

  private void add(Held entry) {
    if (held == heap.length) {
      heap = Arrays.copyOf(heap, 2 * held);
    }
    int at = held++;
    while (at > 0 && entry.before(at(at - 1 >> 1))) {
      heap[at] = heap[at - 1 >> 1];
      at = at - 1 >> 1;
    }
    heap[at] = entry;
  }

  private void remove() {
    Held last = at(--held);
    heap[held] = null;
    if (held == 0) {
      return;
    }
    int at = 0;
    for (int child = 1; child < held; child = 2 * at + 1) {
      if (child + 1 < held && at(child + 1).before(at(child))) {
        child++;
      }
      if (!at(child).before(last)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }

  @Override
  public int inFlight() {
    return held + inside;
  }

  @Override
  public void close() {
    loop.removeTurnListener(this);
    inner.close();
  }

  /** An operation whose end is known, then the inner storage's in its name; reused. */
  private static final class Held extends IoRequest {
    private final DelayQueue queue;
    private @Nullable IoRequest request;
    private @Nullable Held nextSpare;
    private long endNs;
    private long arrival;

    Held(DelayQueue queue) {
      this.queue = queue;
    }

    void hold(IoRequest heldRequest, long newEndNs, long newArrival) {
      request = heldRequest;
      endNs = newEndNs;
      arrival = newArrival;
      nextSpare = null;
    }

    boolean before(Held other) {
      long byEndNs = endNs - other.endNs;
      return byEndNs < 0 || (byEndNs == 0 && arrival < other.arrival);
    }

    /** Takes over what was asked for; the bytes it moves. */
    long begin() {
      IoRequest asked = Objects.requireNonNull(request);
      op = asked.op;
      offsetBytes = asked.offsetBytes;
      lengthBytes = asked.lengthBytes;
      data = asked.data;
      dataAt = asked.dataAt;
      address = asked.address;
      forceUnitAccess = asked.forceUnitAccess;
      mayDeallocate = asked.mayDeallocate;
      return asked.data == null ? 0 : asked.lengthBytes;
    }

    @Override
    public void complete(int status) {
      IoRequest asked = Objects.requireNonNull(request);
      request = null;
      data = null;
      nextSpare = queue.spare;
      queue.spare = this;
      queue.inside--;
      asked.complete(status);
    }
  }
}
