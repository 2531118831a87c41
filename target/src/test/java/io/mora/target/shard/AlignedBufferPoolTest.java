package io.mora.target.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.net.TransportKind;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlignedBufferPoolTest {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  static {
    // Loads the native library that tells addresses, if there is one.
    TransportKind.best();
  }

  private final int[] turns = new int[1];

  private AlignedBufferPool pool(long limitBytes) {
    return new AlignedBufferPool(limitBytes, () -> turns[0]++);
  }

  private static IoBuffer take(BufferPool pool, int capacity) {
    return Objects.requireNonNull(pool.take(capacity));
  }

  @Test
  void roundsUpToPowersOfTwoAndAligns() {
    AlignedBufferPool pool = pool(4 * MIB);
    int[][] cases = {
      {1, 4096}, {4096, 4096}, {4097, 8192}, {100 * KIB, 128 * KIB}, {MIB + 1, 2 * MIB}
    };
    for (int[] each : cases) {
      IoBuffer buffer = take(pool, each[0]);
      assertThat(buffer.capacity).isEqualTo(each[1]);
      assertThat(buffer.buf.capacity()).isEqualTo(each[1]);
      assertThat(buffer.buf.isDirect()).isTrue();
      assertThat(buffer.buf.nioBuffer(0, each[1]).alignmentOffset(0, 4096)).isZero();
      assertThat(buffer.address % 4096).isZero();
      if (TransportKind.best() != TransportKind.NIO) {
        assertThat(buffer.address).isNotZero();
      }
      pool.give(buffer);
    }
    assertThat(pool.lentBytes()).isZero();
    assertThat(pool.heldBytes()).isEqualTo(2 * MIB);
  }

  @Test
  void theBoundIsExactAndPagesBecomeLargeBlocksAgain() {
    AlignedBufferPool pool = pool(6 * MIB + 1);
    assertThat(pool.limitBytes()).isEqualTo(6 * MIB);
    List<IoBuffer> pages = new ArrayList<>();
    for (IoBuffer page = pool.take(1); page != null; page = pool.take(1)) {
      pages.add(page);
    }
    assertThat(pages).hasSize(6 * MIB / 4096);
    assertThat(pool.lentBytes()).isEqualTo(pool.limitBytes()).isEqualTo(pool.heldBytes());
    pages.forEach(pool::give);
    for (int i = 0; i < 3; i++) {
      assertThat(take(pool, 2 * MIB).capacity).isEqualTo(2 * MIB);
    }
    assertThat(pool.take(1)).isNull();
  }

  @Test
  void refusesWhatCannotBe() {
    AlignedBufferPool pool = pool(2 * MIB);
    assertThatThrownBy(() -> pool(2 * MIB - 1)).hasMessageContaining("limitBytes 2097151");
    assertThatThrownBy(() -> pool.take(0)).hasMessage("capacityBytes 0: 1 to 2097152");
    assertThatThrownBy(() -> pool.take(2 * MIB + 1)).hasMessageContaining("2097153");
    IoBuffer buffer = take(pool, 1);
    ByteBuf slice = buffer.buf.retainedSlice(0, 16);
    assertThatThrownBy(() -> pool.give(buffer)).hasMessageContaining("1 slices retained");
    slice.release();
    pool.give(buffer);
    assertThatThrownBy(() -> pool.give(buffer)).hasMessageContaining("given back twice");
  }

  @Test
  void closedPoolsLendNothingAndTakeBackQuietly() {
    AlignedBufferPool pool = pool(2 * MIB);
    IoBuffer buffer = take(pool, 1);
    pool.await(new Taker(pool, 1, new ArrayList<>()));
    pool.close();
    pool.give(buffer);
    pool.endOfTurn();
    assertThat(pool.take(1)).isNull();
    assertThat(pool.lentBytes()).isZero();
  }

  @Test
  void waitersAreToldInOrderAndNobodyOvertakes() {
    AlignedBufferPool pool = pool(2 * MIB);
    List<IoBuffer> held = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      held.add(take(pool, 512 * KIB));
    }
    List<Taker> served = new ArrayList<>();
    Taker large = new Taker(pool, 2 * MIB, served);
    Taker small = new Taker(pool, 4 * KIB, served);
    Taker gone = new Taker(pool, 4 * KIB, served);
    pool.await(large);
    pool.await(gone);
    pool.await(small);
    pool.await(small);
    pool.cancel(gone);
    pool.cancel(gone);
    for (int i = 0; i < 3; i++) {
      pool.give(held.get(i));
      assertThat(pool.take(1)).as("a newcomer waits behind").isNull();
      int asked = turns[0];
      pool.endOfTurn();
      assertThat(turns[0]).as("a futile round asks for no other").isEqualTo(asked);
      assertThat(served).isEmpty();
    }
    assertThat(turns[0]).isPositive();
    pool.give(held.get(3));
    pool.endOfTurn();
    assertThat(served).containsExactly(large);
    pool.give(Objects.requireNonNull(large.got));
    pool.endOfTurn();
    assertThat(served).containsExactly(large, small);
    assertThat(take(pool, 1)).isNotNull();
  }

  @Test
  void aGreedyWaiterGoesToTheBackAfterItGotSomething() {
    AlignedBufferPool pool = pool(2 * MIB);
    IoBuffer half = take(pool, MIB);
    IoBuffer other = take(pool, MIB);
    List<String> order = new ArrayList<>();
    class Greedy extends BufferPool.Waiter {
      private final String name;

      Greedy(String name) {
        this.name = name;
      }

      @Override
      public void buffersAvailable() {
        while (pool.take(MIB) != null) {
          order.add(name);
        }
        pool.await(this);
      }
    }
    pool.await(new Greedy("a"));
    pool.await(new Greedy("b"));
    pool.give(half);
    pool.endOfTurn();
    pool.give(other);
    pool.endOfTurn();
    assertThat(order).containsExactly("a", "b");
  }

  /** Whoever goes first may have nearly everything for as long as it likes, but not all. */
  @Test
  void thoseThatGoFirstCannotStarveTheOthers() {
    AlignedBufferPool pool = new AlignedBufferPool(16 * MIB, () -> turns[0]++, 8);
    Deque<IoBuffer> loans = new ArrayDeque<>();
    for (IoBuffer buffer = pool.takeFirst(MIB); buffer != null; buffer = pool.takeFirst(MIB)) {
      loans.add(buffer);
    }
    assertThat(loans).as("nobody else wants any").hasSize(16);
    List<Taker> served = new ArrayList<>();
    assertThat(pool.take(MIB)).isNull();
    pool.await(new Taker(pool, MIB, served));
    pool.await(new Taker(pool, MIB, served));
    for (int i = 0; i < 8; i++) {
      BufferPool.Waiter again =
          new BufferPool.Waiter(true) {
            @Override
            public void buffersAvailable() {
              IoBuffer buffer = pool.takeFirst(MIB);
              if (buffer == null) {
                pool.await(this);
              } else {
                loans.add(buffer);
              }
            }
          };
      pool.await(again);
      pool.give(loans.remove());
      pool.endOfTurn();
    }
    assertThat(served).hasSize(2);
    assertThat(loans).as("the others have what they wanted").hasSizeGreaterThanOrEqualTo(14);
    loans.forEach(pool::give);
    served.forEach(each -> pool.give(Objects.requireNonNull(each.got)));
    assertThat(pool.lentBytes()).isZero();
  }

  @Test
  void aThrowingWaiterLeavesTheQueueInOrder() {
    AlignedBufferPool pool = pool(2 * MIB);
    IoBuffer all = take(pool, 2 * MIB);
    List<Taker> served = new ArrayList<>();
    pool.await(
        new BufferPool.Waiter() {
          @Override
          public void buffersAvailable() {
            throw new IllegalStateException("broke");
          }
        });
    Taker next = new Taker(pool, 1, served);
    pool.await(next);
    pool.give(all);
    assertThatThrownBy(pool::endOfTurn).hasMessage("broke");
    assertThat(pool.take(1)).isNull();
    pool.endOfTurn();
    assertThat(served).containsExactly(next);
  }

  /** Random loans of random sizes against a model of who has which bytes and who waits. */
  @Property(tries = 60)
  void loansNeverOverlapAndWaitersAreServedInOrder(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 1) long seed) {
    Random random = new Random(seed);
    AlignedBufferPool pool = pool((1 + random.nextInt(4)) * 2L * MIB);
    List<IoBuffer> lent = new ArrayList<>();
    NavigableMap<Long, Long> ranges = new TreeMap<>();
    Deque<Taker> waiting = new ArrayDeque<>();
    List<Taker> served = new ArrayList<>();
    for (int step = 0; step < 4000; step++) {
      if (random.nextInt(100) < 48 && !lent.isEmpty()) {
        IoBuffer buffer = lent.remove(random.nextInt(lent.size()));
        forget(buffer, ranges);
        pool.give(buffer);
      } else {
        int size = 1 + random.nextInt(4096 << random.nextInt(10));
        IoBuffer buffer = pool.take(size);
        if (buffer != null) {
          assertThat(buffer.capacity).isGreaterThanOrEqualTo(size);
          remember(buffer, ranges);
          lent.add(buffer);
        } else if (waiting.size() < 20) {
          Taker taker = new Taker(pool, size, served);
          pool.await(taker);
          waiting.addLast(taker);
        }
      }
      if (random.nextInt(4) == 0) {
        pool.endOfTurn();
        drain(served, waiting, lent, ranges);
      }
      assertThat(pool.lentBytes())
          .isEqualTo(lent.stream().mapToLong(each -> each.capacity).sum())
          .isLessThanOrEqualTo(pool.heldBytes());
      assertThat(pool.heldBytes()).isLessThanOrEqualTo(pool.limitBytes());
    }
    while (!lent.isEmpty()) {
      lent.forEach(each -> forget(each, ranges));
      lent.forEach(pool::give);
      lent.clear();
      pool.endOfTurn();
      assertThat(served.isEmpty()).as("the first in line gets memory").isEqualTo(waiting.isEmpty());
      drain(served, waiting, lent, ranges);
    }
    assertThat(pool.lentBytes()).isZero();
  }

  private static void drain(
      List<Taker> served,
      Deque<Taker> waiting,
      List<IoBuffer> lent,
      NavigableMap<Long, Long> ranges) {
    for (Taker taker : served) {
      assertThat(taker).isSameAs(waiting.removeFirst());
      IoBuffer buffer = Objects.requireNonNull(taker.got);
      remember(buffer, ranges);
      lent.add(buffer);
    }
    served.clear();
  }

  /** Stamps the buffer's ends with its identity, and checks its range against all on loan. */
  private static void remember(IoBuffer buffer, NavigableMap<Long, Long> ranges) {
    buffer.buf.setInt(0, System.identityHashCode(buffer));
    buffer.buf.setInt(buffer.capacity - 4, System.identityHashCode(buffer));
    if (buffer.address != 0) {
      Map.Entry<Long, Long> before = ranges.lowerEntry(buffer.address + buffer.capacity);
      if (before != null) {
        assertThat(before.getKey() + before.getValue()).isLessThanOrEqualTo(buffer.address);
      }
      ranges.put(buffer.address, (long) buffer.capacity);
    }
  }

  private static void forget(IoBuffer buffer, Map<Long, Long> ranges) {
    assertThat(buffer.buf.getInt(0)).isEqualTo(System.identityHashCode(buffer));
    assertThat(buffer.buf.getInt(buffer.capacity - 4)).isEqualTo(System.identityHashCode(buffer));
    ranges.remove(buffer.address);
  }

  private static final class Taker extends BufferPool.Waiter {
    private final BufferPool pool;
    private final int size;
    private final List<Taker> served;
    private @Nullable IoBuffer got;

    Taker(BufferPool pool, int size, List<Taker> served) {
      this.pool = pool;
      this.size = size;
      this.served = served;
    }

    @Override
    public void buffersAvailable() {
      got = pool.take(size);
      if (got == null) {
        pool.await(this);
      } else {
        served.add(this);
      }
    }
  }
}
