package io.mora.tests.kit;

import io.mora.protocol.status.Status;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.ForwardingBackend;
import io.mora.target.backend.IoRequest;
import io.mora.target.shard.Shard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Storage that stops, or fails, where a test says so: a device as slow or as broken as it must be.
 */
public final class GatedBackend extends ForwardingBackend {
  private static final int OPS = IoRequest.DEALLOCATE + 1;

  private final AtomicIntegerArray statuses = new AtomicIntegerArray(OPS);
  private final AtomicIntegerArray arrived = new AtomicIntegerArray(OPS);
  private final AtomicInteger held = new AtomicInteger();

  /** Operations that go through before others are held. */
  private final AtomicInteger through = new AtomicInteger();

  private final ConcurrentLinkedQueue<Queue> queues = new ConcurrentLinkedQueue<>();
  private volatile int gates;

  public GatedBackend(Backend inner) {
    super("gated", inner);
  }

  /** From now on keeps operations of these kinds ({@link IoRequest#op}) at the device. */
  public void hold(int... ops) {
    holdAfter(0, ops);
  }

  /** Likewise after so many more have gone through. */
  public void holdAfter(int count, int... ops) {
    through.set(count);
    int mask = 0;
    for (int op : ops) {
      mask |= 1 << op;
    }
    gates = mask;
  }

  /** Lets all go on that is held, and holds no more. */
  public void release() {
    gates = 0;
    queues.forEach(queue -> queue.shard.execute(queue::letGo));
  }

  /**
   * From now on operations of this kind end with this packed status; {@code SUCCESS} for theirs.
   */
  public void fail(int op, int status) {
    statuses.set(op, status);
  }

  /** Operations that are held. */
  public int held() {
    return held.get();
  }

  /** Operations of a kind that came. */
  public int arrived(int op) {
    return arrived.get(op);
  }

  @Override
  public BackendQueue queue(Shard shard) {
    Queue queue = new Queue(shard, inner.queue(shard));
    queues.add(queue);
    return queue;
  }

  private final class Queue implements BackendQueue {
    private final Shard shard;
    private final BackendQueue storage;
    private final Deque<IoRequest> waiting = new ArrayDeque<>();

    Queue(Shard shard, BackendQueue storage) {
      this.shard = shard;
      this.storage = storage;
    }

    @Override
    public void submit(IoRequest request) {
      arrived.incrementAndGet(request.op);
      if ((gates & 1 << request.op) != 0 && through.getAndDecrement() <= 0) {
        waiting.add(request);
        held.incrementAndGet();
      } else {
        perform(request);
      }
    }

    private void letGo() {
      for (IoRequest next = waiting.poll(); next != null; next = waiting.poll()) {
        held.decrementAndGet();
        perform(next);
      }
    }

    private void perform(IoRequest request) {
      int status = statuses.get(request.op);
      if (status == Status.SUCCESS) {
        storage.submit(request);
      } else {
        request.complete(status);
      }
    }

    @Override
    public int inFlight() {
      return waiting.size() + storage.inFlight();
    }

    @Override
    public void close() {
      storage.close();
    }
  }
}
