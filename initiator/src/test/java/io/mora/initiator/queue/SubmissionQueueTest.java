package io.mora.initiator.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Order, bound and exactly-once of the many-producer queue. */
class SubmissionQueueTest {
  @Test
  void commandsComeOutInOrderAndTheBoundHolds() {
    SubmissionQueue queue = new SubmissionQueue(5);
    assertThat(queue.capacity()).isEqualTo(8);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 8; i++) {
        PendingCommand command = Objects.requireNonNull(queue.claim());
        queue.publish(command.timeoutNs(round * 8 + i));
        command.submitted(0, 1);
      }
      assertThat(queue.claim()).isNull();
      assertThat(queue.size()).isEqualTo(8);
      for (int i = 0; i < 8; i++) {
        PendingCommand first = Objects.requireNonNull(queue.peek());
        assertThat(first.deadlineNs).isEqualTo(round == 0 && i == 0 ? 1 : round * 8 + i);
        queue.take(new PendingCommand());
      }
      assertThat(queue.peek()).isNull();
      assertThat(queue.size()).isZero();
    }
  }

  @Test
  void aClaimedCommandHidesThoseBehindItUntilItIsPublished() {
    SubmissionQueue queue = new SubmissionQueue(4);
    PendingCommand slow = Objects.requireNonNull(queue.claim());
    PendingCommand quick = Objects.requireNonNull(queue.claim());
    queue.publish(quick);
    assertThat(queue.peek()).isNull();
    queue.publish(slow);
    assertThat(queue.peek()).isSameAs(slow);
    queue.take(slow);
    assertThat(queue.peek()).isSameAs(quick);
  }

  /**
   * Goal: nothing lost, nothing twice, each producer's order kept. Method: four threads submit
   * numbered commands as fast as the queue takes them while one takes them out.
   */
  @Test
  void manyProducersLoseNothing() throws Exception {
    int producers = 4;
    int each = 20_000;
    SubmissionQueue queue = new SubmissionQueue(64);
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int producer = p;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  PendingCommand command = queue.claim();
                  while (command == null) {
                    refused.incrementAndGet();
                    LockSupport.parkNanos(1000);
                    command = queue.claim();
                  }
                  command.start(producer, i);
                  queue.publish(command);
                }
              });
      thread.start();
      threads.add(thread);
    }
    int[] next = new int[producers];
    int taken = 0;
    PendingCommand spare = new PendingCommand();
    while (taken < producers * each) {
      PendingCommand command = queue.peek();
      if (command == null) {
        LockSupport.parkNanos(1000);
        continue;
      }
      int number = command.sqe().getIntLE(4);
      if (number != next[command.opcode()]++) {
        throw new AssertionError("producer " + command.opcode() + " skipped to " + number);
      }
      queue.take(spare);
      spare = command;
      taken++;
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(next).containsOnly(each);
    assertThat(queue.peek()).isNull();
  }
}
