package io.mora.target.cache;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.Keeper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A device of one number a page, shared by shards. An operation takes effect at one moment and is
 * told at a later one; a test says when.
 */
final class FakeDisk {
  static final int PAGE = HotTier.PAGE_BYTES;

  final AtomicLongArray pages;

  FakeDisk(int pages) {
    this.pages = new AtomicLongArray(pages);
  }

  /** A shard's queue. */
  Queue queue() {
    return new Queue();
  }

  /** Operations at the device, each with its effect still to come or already there. */
  final class Queue implements BackendQueue {
    private final List<Pending> pending = new ArrayList<>();
    int arrived;

    @Override
    public void submit(IoRequest request) {
      arrived++;
      pending.add(new Pending(request));
    }

    /** Moves one operation on by a step. */
    void step(RandomGenerator random) {
      if (!pending.isEmpty()) {
        Pending one = pending.get(random.nextInt(pending.size()));
        if (one.done) {
          pending.remove(one);
          one.request.complete(Status.SUCCESS);
        } else {
          one.happen();
        }
      }
    }

    /** Lets everything happen and be told. */
    void finish() {
      while (!pending.isEmpty()) {
        Pending one = pending.remove(0);
        one.happen();
        one.request.complete(Status.SUCCESS);
      }
    }

    void happen() {
      pending.forEach(Pending::happen);
    }

    void fail(int status) {
      pending.remove(0).request.complete(status);
    }

    @Override
    public int inFlight() {
      return pending.size();
    }

    @Override
    public void close() {}
  }

  private final class Pending {
    private final IoRequest request;
    private boolean done;

    Pending(IoRequest request) {
      this.request = request;
    }

    void happen() {
      if (done) {
        return;
      }
      done = true;
      int first = (int) (request.offsetBytes / PAGE);
      int count = (int) ((request.offsetBytes + request.lengthBytes + PAGE - 1) / PAGE) - first;
      for (int i = 0; i < count; i++) {
        if (request.op == IoRequest.READ) {
          read(first + i);
        } else if (request.op == IoRequest.WRITE) {
          pages.set(first + i, data().getLong(request.dataAt + i * PAGE));
        } else if (request.op != IoRequest.FLUSH) {
          pages.set(first + i, 0);
        }
      }
    }

    private ByteBuf data() {
      return Objects.requireNonNull(request.data);
    }

    private void read(int page) {
      long value = pages.get(page);
      long from = Math.max(request.offsetBytes, (long) page * PAGE);
      long to = Math.min(request.offsetBytes + request.lengthBytes, (page + 1L) * PAGE);
      for (long at = from; at < to; at += Long.BYTES) {
        data().setLong(request.dataAt + (int) (at - request.offsetBytes), value);
      }
    }
  }

  /** One operation of a test. */
  static final class Io extends IoRequest {
    int status = -1;
    private Runnable then = () -> {};

    static Io of(int op, long offsetBytes, int lengthBytes, @Nullable Keeper keeper) {
      Io io = new Io();
      io.op = op;
      io.offsetBytes = offsetBytes;
      io.lengthBytes = lengthBytes;
      io.keeper = keeper;
      // Not from its start, as a piece of a larger command's.
      io.dataAt = PAGE;
      io.data = Unpooled.wrappedBuffer(new byte[PAGE + lengthBytes]);
      return io;
    }

    static Io read(long page, int pages, @Nullable Keeper keeper) {
      return of(READ, page * PAGE, pages * PAGE, keeper);
    }

    static Io write(long page, int pages, long value) {
      Io io = of(WRITE, page * PAGE, pages * PAGE, null);
      for (int i = 0; i < pages * PAGE; i += Long.BYTES) {
        io.bytes().setLong(PAGE + i, value);
      }
      return io;
    }

    Io then(Runnable action) {
      then = action;
      return this;
    }

    ByteBuf bytes() {
      return Objects.requireNonNull(data);
    }

    /** The number of a page of what was read; -1 if it is torn. */
    long value(int index) {
      int from = index * PAGE;
      int to = (int) Math.min(lengthBytes, from + (long) PAGE);
      long value = bytes().getLong(dataAt + from);
      for (int at = from; at < to; at += Long.BYTES) {
        if (bytes().getLong(dataAt + at) != value) {
          return -1;
        }
      }
      return value;
    }

    @Override
    public void complete(int newStatus) {
      status = newStatus;
      then.run();
    }
  }
}
