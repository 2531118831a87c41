package io.mora.target.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.cache.FakeDisk.Io;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Shards read and change the same pages at random, through a tier that is too small. The model
 * knows of each page the last value acknowledged and the last one begun: whoever reads it must find
 * nothing older than what was acknowledged when the read began, and nothing torn.
 */
class HotCoherenceTest {
  private static final int PAGES = 512;
  private static final int STEPS = 60_000;
  private static final int DEPTH = 12;
  private static final int RUN_MAX = 20;

  private final FakeDisk disk = new FakeDisk(PAGES);
  private final AtomicLongArray acknowledged = new AtomicLongArray(PAGES);
  private final AtomicLongArray begun = new AtomicLongArray(PAGES);
  private final AtomicLong served = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @ParameterizedTest(name = "{0} shards")
  @ValueSource(ints = {1, 2, 4})
  void nobodyReadsWhatIsOlderThanWhatWasAcknowledged(int shards) throws InterruptedException {
    long seed = Long.getLong("mora.seed", System.nanoTime());
    System.out.println("seed of HotCoherenceTest: " + seed);
    HotTier tier = HotTier.of(96L * HotTier.PAGE_BYTES, 60);
    HotSpace space = tier.space();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      Shard shard = new Shard(tier, space, i, shards, new SplittableRandom(seed + i));
      Thread thread = new Thread(shard, "shard-" + i);
      thread.setUncaughtExceptionHandler((which, e) -> failure.compareAndSet(null, e));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).as("seed " + seed).isNull();
    assertThat(served.get()).as("reads served from memory").isGreaterThan(STEPS / 100);
  }

  /** Changes its own part of the pages, one change of a page at a time; reads all. */
  private final class Shard implements Runnable {
    private final HotSpace space;
    private final HotShare share;
    private final FakeDisk.Queue device = disk.queue();
    private final BackendQueue queue;
    private final SplittableRandom random;
    private final int first;
    private final int count;
    private final boolean[] changing = new boolean[PAGES];
    private long value;

    Shard(HotTier tier, HotSpace space, int index, int shards, SplittableRandom random) {
      this.space = space;
      this.share = tier.share("host" + index % 2);
      this.queue = space.through(device);
      this.random = random;
      this.count = PAGES / shards;
      this.first = index * count;
    }

    @Override
    public void run() {
      for (int i = 0; i < STEPS; i++) {
        int what = random.nextInt(100);
        if (what == 0 && random.nextInt(100) == 0) {
          space.drop();
        } else if (device.inFlight() < DEPTH && what < 45) {
          read();
        } else if (device.inFlight() < DEPTH && what < 50) {
          change();
        } else {
          device.step(random);
        }
      }
      device.finish();
    }

    private void read() {
      int pages = 1 + random.nextInt(random.nextInt(4) == 0 ? RUN_MAX : 2);
      // Some pages are read much more often than others.
      int page = random.nextInt(random.nextInt(3) == 0 ? PAGES - pages : 48);
      long[] least = new long[pages];
      for (int i = 0; i < pages; i++) {
        least[i] = acknowledged.get(page + i);
      }
      Io read = Io.read(page, pages, random.nextInt(3) == 0 ? null : share.metadata());
      read.then(() -> judge(read, page, least));
      if (space.serve(read)) {
        served.incrementAndGet();
        judge(read, page, least);
      } else {
        queue.submit(read);
      }
    }

    private void judge(Io read, int page, long[] least) {
      for (int i = 0; i < least.length; i++) {
        long found = read.value(i);
        long most = begun.get(page + i);
        if (found < least[i] || found > most) {
          throw new AssertionError(
              "page " + (page + i) + ": " + found + ", not " + least[i] + " to " + most);
        }
      }
    }

    private void change() {
      int pages = 1 + random.nextInt(random.nextInt(4) == 0 ? RUN_MAX : 2);
      int page = first + random.nextInt(random.nextInt(2) == 0 ? count - pages : 24);
      for (int i = 0; i < pages; i++) {
        if (changing[page + i]) {
          return;
        }
      }
      long next = ++value;
      for (int i = 0; i < pages; i++) {
        changing[page + i] = true;
        begun.set(page + i, next);
      }
      Io write = Io.write(page, pages, next);
      write.then(
          () -> {
            for (int i = 0; i < pages; i++) {
              changing[page + i] = false;
              acknowledged.set(page + i, next);
            }
          });
      assertThat(write.op).isEqualTo(IoRequest.WRITE);
      queue.submit(write);
    }
  }
}
