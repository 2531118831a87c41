package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.queue.HostQueuePair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Goal: whatever is accepted ends exactly once, however often connections break. Method: threads
 * submit reads and writes of all sizes to small queues while connections are cut at random; in the
 * end the association is closed under load.
 */
class LossStressTest {
  private static final int SUBMITTERS = 3;
  private static final int EACH = 800;

  /** No command can meet more than it may be sent again. */
  private static final int CUTS = HostQueuePair.RETRIES_MAX;

  private final AtomicIntegerArray told = new AtomicIntegerArray(SUBMITTERS * EACH);
  private final AtomicInteger failed = new AtomicInteger();

  @Property(tries = 3)
  void whatIsAcceptedEndsOnce(@ForAll long seed) throws IOException, InterruptedException {
    for (int i = 0; i < told.length(); i++) {
      told.set(i, 0);
    }
    failed.set(0);
    int accepted = run(new Random(seed), CUTS, false);
    assertOnce(accepted);
    assertThat(failed).hasValue(0);
  }

  @Example
  void alsoWhenClosedUnderLoad() throws IOException, InterruptedException {
    int accepted = run(new Random(42), 2, true);
    assertOnce(accepted);
  }

  private void assertOnce(int accepted) {
    int ends = 0;
    for (int i = 0; i < told.length(); i++) {
      assertThat(told.get(i)).isBetween(0, 1);
      ends += told.get(i);
    }
    assertThat(ends).isEqualTo(accepted);
  }

  private int run(Random random, int cuts, boolean closeEarly)
      throws IOException, InterruptedException {
    AtomicInteger accepted = new AtomicInteger();
    try (Rig rig = new Rig()) {
      rig.controller.r2tBytes = 8192;
      ConnectOptions options =
          rig.options().queueDepth(16).waitingMax(16).reconnectDelayMs(2).drainTimeoutMs(0).build();
      Association association = rig.connect(options);
      List<Thread> threads = new ArrayList<>();
      for (int s = 0; s < SUBMITTERS; s++) {
        int first = s * EACH;
        long seed = random.nextLong();
        threads.add(new Thread(() -> submit(association, first, seed, accepted)));
      }
      threads.forEach(Thread::start);
      for (int i = 0; i < cuts; i++) {
        Thread.sleep(random.nextInt(40));
        rig.controller.cutAll();
      }
      if (closeEarly) {
        association.close();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      while (association.outstanding() > 0) {
        Thread.sleep(1);
      }
      association.close();
      assertThat(rig.controller.failures()).isEmpty();
    }
    return accepted.get();
  }

  private void submit(Association association, int first, long seed, AtomicInteger accepted) {
    Random random = new Random(seed);
    IoCallback callback =
        (context, status, result) -> {
          told.incrementAndGet((int) context);
          if (status != 0) {
            failed.incrementAndGet();
          }
        };
    for (int i = 0; i < EACH && association.state() != AssociationState.CLOSED; i++) {
      int blocks = 1 + random.nextInt(random.nextInt(8) == 0 ? 600 : 12);
      RemoteNamespace namespace = association.namespace(1).onQueue(random.nextInt(2));
      ByteBuffer data = ByteBuffer.allocateDirect(blocks * FakeDisk.BLOCK);
      long slba = random.nextInt(FakeDisk.BLOCKS - blocks);
      boolean write = random.nextBoolean();
      boolean taken = false;
      while (!taken && association.state() != AssociationState.CLOSED) {
        taken =
            write
                ? namespace.write(slba, blocks, data, IoOptions.PLAIN, callback, first + i)
                : namespace.read(slba, blocks, data, IoOptions.PLAIN, callback, first + i);
        LockSupport.parkNanos(taken ? 0 : 20_000);
      }
      if (taken) {
        accepted.incrementAndGet();
      }
    }
  }
}
