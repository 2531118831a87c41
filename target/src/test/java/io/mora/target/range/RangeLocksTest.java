package io.mora.target.range;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who waits for whom, in order; and the same when threads race. */
class RangeLocksTest {
  private final RangeLocks locks = new RangeLocks();
  private final List<String> granted = new ArrayList<>();

  private RangeClaim claim(String name, long offset, long length, boolean exclusive) {
    RangeClaim claim =
        new RangeClaim(offset, length, exclusive) {
          @Override
          protected void granted() {
            granted.add(name);
          }
        };
    locks.add(claim);
    return claim;
  }

  @Test
  void whatDoesNotOverlapDoesNotWait() {
    claim("a", 0, 10, true);
    claim("b", 10, 10, true);
    claim("write", 20, 1, false);
    assertThat(granted).containsExactly("a", "b", "write");
    assertThat(locks.isTaken(9, 1)).isTrue();
    assertThat(locks.isTaken(19, 100)).isTrue();
    assertThat(locks.isTaken(20, 1)).as("by a write").isFalse();
    assertThat(locks.isTaken(21, Long.MAX_VALUE - 21)).isFalse();
  }

  @Test
  void whatOverlapsGoesInOrderOfArrival() {
    RangeClaim a = claim("a", 0, 10, true);
    RangeClaim w = claim("w", 5, 10, false);
    RangeClaim x = claim("x", 5, 1, false);
    RangeClaim b = claim("b", 12, 1, true);
    RangeClaim v = claim("v", 0, 20, false);
    assertThat(granted).containsExactly("a");
    locks.remove(a);
    assertThat(granted).as("writes do not wait for each other").containsExactly("a", "w", "x");
    locks.remove(x);
    assertThat(granted).hasSize(3);
    locks.remove(w);
    assertThat(granted).containsExactly("a", "w", "x", "b");
    locks.remove(b);
    locks.remove(v);
    assertThat(granted).containsExactly("a", "w", "x", "b", "v");
    assertThat(locks.size()).isZero();
    assertThat(locks.isTaken(0, 100)).isFalse();
  }

  @Test
  void whoLeavesBeforeItsTurnHoldsUpNobody() {
    RangeClaim a = claim("a", 0, 1, true);
    RangeClaim b = claim("b", 0, 1, true);
    claim("c", 0, 1, true);
    locks.remove(b);
    locks.remove(b);
    assertThat(granted).containsExactly("a");
    locks.remove(a);
    assertThat(granted).containsExactly("a", "c");
  }

  /** Exclusive ranges are nobody else's while they are held, and everybody gets a turn. */
  @Test
  void threadsThatRace() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    int blocks = 8;
    AtomicInteger[] exclusive = new AtomicInteger[blocks];
    AtomicInteger[] writers = new AtomicInteger[blocks];
    for (int i = 0; i < blocks; i++) {
      exclusive[i] = new AtomicInteger();
      writers[i] = new AtomicInteger();
    }
    AtomicInteger broken = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      SplittableRandom random = new SplittableRandom(seed + t);
      all.add(
          threads.submit(
              () -> {
                for (int n = 0; n < 5000; n++) {
                  int from = random.nextInt(blocks);
                  int length = 1 + random.nextInt(blocks - from);
                  boolean alone = random.nextBoolean();
                  CountDownLatch turn = new CountDownLatch(1);
                  RangeClaim claim =
                      new RangeClaim(from, length, alone) {
                        @Override
                        protected void granted() {
                          turn.countDown();
                        }
                      };
                  locks.add(claim);
                  if (!turn.await(60, TimeUnit.SECONDS)) {
                    throw new AssertionError("never granted");
                  }
                  for (int i = from; i < from + length; i++) {
                    int others = alone ? exclusive[i].getAndIncrement() + writers[i].get() : 0;
                    others += alone ? 0 : exclusive[i].get();
                    writers[i].addAndGet(alone ? 0 : 1);
                    broken.addAndGet(others);
                  }
                  for (int i = from; i < from + length; i++) {
                    (alone ? exclusive : writers)[i].decrementAndGet();
                  }
                  locks.remove(claim);
                }
                return null;
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
    threads.shutdown();
    assertThat(broken.get()).as("ranges that were not theirs alone").isZero();
    assertThat(locks.size()).isZero();
  }
}
