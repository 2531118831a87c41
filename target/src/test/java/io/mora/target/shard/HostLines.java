package io.mora.target.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.shard.BufferPool.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A pool, and lines of hosts that take of it and give back. */
class HostLines {
  static final int PAGE = 4096;

  private boolean awake;

  final AlignedBufferPool pool = new AlignedBufferPool(4L << 20, () -> awake = true, 8);

  void turns() {
    for (int turn = 0; awake && turn < 10_000; turn++) {
      awake = false;
      pool.endOfTurn();
    }
    assertThat(awake).as("turns without end").isFalse();
  }

  static final class Line extends Waiter {
    final HostBuffers of;
    final Deque<Integer> wanted = new ArrayDeque<>();
    final Deque<IoBuffer> held = new ArrayDeque<>();
    boolean waits;

    Line(HostBuffers of, boolean first) {
      super(first);
      this.of = of;
    }

    Line(HostBuffers of) {
      this(of, false);
    }

    /** Of less than nothing: it may exceed the bound. */
    Line want(int bytes) {
      wanted.add(bytes);
      if (!waits) {
        drain();
      }
      return this;
    }

    private void drain() {
      Integer next = wanted.peek();
      while (next != null) {
        IoBuffer buffer =
            next < 0 ? of.takeBeyond(this, -next) : of.take(this, next, !held.isEmpty());
        if (buffer == null) {
          waits = true;
          of.await(this);
          return;
        }
        held.add(buffer);
        wanted.remove();
        next = wanted.peek();
      }
      if (waits) {
        waits = false;
        of.cancel(this);
      }
    }

    @Override
    public void buffersAvailable() {
      waits = false;
      drain();
      if (!waits) {
        of.served(this);
      }
    }

    void giveOne() {
      IoBuffer oldest = held.poll();
      if (oldest != null) {
        of.give(oldest);
      }
      if (waits) {
        drain();
      }
    }

    void takeSecond(int bytes) {
      IoBuffer second = of.takeSecond(this, bytes);
      if (second != null) {
        held.add(second);
      }
    }

    /** The command that waits is aborted. */
    void withdraw() {
      if (waits) {
        wanted.remove();
      }
      Integer next = wanted.peek();
      if (next == null) {
        waits = false;
        of.cancel(this);
      } else if (waits) {
        of.renew(this, next < 0 ? HostBuffers.BEYOND : next, !held.isEmpty());
      }
    }

    void close() {
      waits = false;
      wanted.clear();
      of.cancel(this);
      while (!held.isEmpty()) {
        giveOne();
      }
    }
  }

  static int held(List<Line> lines) {
    return lines.stream().mapToInt(line -> line.held.size()).sum();
  }

  static List<Line> lines(int count, HostBuffers of, boolean first) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(new Line(of, first).want(PAGE));
    }
    return lines;
  }
}
