package io.mora.target.controller.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Large writes of hosts with a bound: who waits for its host's memory has nothing of others. */
class HostWritesTest {
  private static final int LARGE = TestQueue.TRANSFER_BYTES;
  private static final long POOL = 4L << 20;
  private static final long WINDOW = 4L * LARGE;
  private static final long SHARD = POOL + (2L << 20);

  private final TestQueue shard = TestQueue.byClass(1, POOL, WINDOW);

  /** What a host may hold whose bound is such a part of the shard's memory. */
  private HostMemory part(long of) {
    return HostMemory.of(shard.turn.shard(), SHARD / of, LARGE);
  }

  private List<TestQueue> queues(int count, HostMemory host) {
    List<TestQueue> queues = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TestQueue queue = shard.beside(32, host);
      queue.verdict = CommandSet.DATA_FROM_HOST;
      queues.add(queue);
    }
    return queues;
  }

  private static long asked(List<TestQueue> queues) {
    return queues.stream().mapToInt(queue -> queue.asked.size()).sum();
  }

  /** A shard's window has room for four; a host with memory for one has leave for one. */
  @Test
  void aHostThatWaitsForItsOwnMemoryLeavesOthersTheirLeave() {
    HostMemory small = part(16);
    List<TestQueue> greedy = queues(8, small);
    greedy.forEach(queue -> queue.command(1));
    TestQueue other = queues(1, part(2)).get(0);
    other.command(1);
    shard.endTurn();
    assertThat(asked(greedy)).isEqualTo(1);
    assertThat(other.asked).as("not behind them").hasSize(1);
    for (int i = 0; i < 8; i++) {
      TestQueue next = greedy.get(i);
      assertThat(next.asked).as("in order of arrival: %s", i).hasSize(1);
      next.sendData();
      next.end();
      shard.endTurn();
    }
    other.sendData();
    other.end();
    assertThat(shard.buffers.lentBytes()).isZero();
    assertThat(small.writes().lentBytes()).isZero();
  }

  /**
   * Reads of the host that are not taken keep none of its writes waiting, with leave or without.
   */
  @Test
  void readsThatHoldAllTheyMayDoNotHoldUpWrites() {
    HostMemory host = part(2);
    List<TestQueue> readers = queues(40, host);
    for (TestQueue reader : readers) {
      reader.verdict = CommandSet.DATA_TO_HOST;
      reader.command(1);
    }
    shard.endTurn();
    assertThat(readers).as("the bound is reached").anyMatch(reader -> reader.executing.isEmpty());
    List<TestQueue> writers = queues(2, host);
    writers.forEach(writer -> writer.command(1));
    shard.endTurn();
    assertThat(asked(writers)).isEqualTo(2);
  }

  @Test
  void whoIsAbortedOrGoneMakesRoomForTheNext() {
    HostMemory small = part(16);
    List<TestQueue> queues = queues(4, small);
    queues.get(0).command(1);
    queues.get(1).command(1);
    queues.get(1).smallest = true;
    queues.get(1).command(2);
    queues.get(2).command(1);
    queues.get(3).command(1);
    shard.endTurn();
    assertThat(queues.get(1).pair.aborts().abort(1)).isTrue();
    queues.get(2).pair.onClosed();
    queues.get(0).pair.onClosed();
    shard.endTurn();
    assertThat(queues.get(1).said).contains("r2t 2 0 4096");
    queues.get(1).pair.onClosed();
    shard.endTurn();
    assertThat(queues.get(3).asked).hasSize(1);
    queues.get(3).pair.onClosed();
    assertThat(small.writes().lentBytes()).isZero();
    assertThat(shard.buffers.lentBytes()).isZero();
    assertThat(Objects.requireNonNull(shard.turn.admission()).queued()).isZero();
  }

  /** A promise is no buffer: where the pool has none, the write waits for the pool. */
  @Test
  void aPromisedWriteWaitsForThePool() {
    TestQueue writer = queues(1, part(2)).get(0);
    IoBuffer most = Objects.requireNonNull(shard.buffers.take(2 << 20));
    IoBuffer rest = Objects.requireNonNull(shard.buffers.take(2 << 20));
    writer.command(1);
    shard.endTurn();
    shard.endTurn();
    assertThat(writer.asked).isEmpty();
    shard.buffers.give(rest);
    shard.endTurn();
    assertThat(writer.asked).hasSize(1);
    shard.buffers.give(most);
    writer.pair.onClosed();
    assertThat(shard.buffers.lentBytes()).isZero();
  }

  private static void step(Random random, TestQueue queue, int cid) {
    queue.verdict = random.nextBoolean() ? CommandSet.DATA_FROM_HOST : CommandSet.DATA_TO_HOST;
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        if (queue.pair.inFlight() < 32 && queue.pair.wantsMore()) {
          queue.smallest = random.nextBoolean();
          queue.command(cid);
        }
      }
      case 2, 3 -> goOn(queue);
      case 4 -> queue.pair.aborts().abort(random.nextInt(cid + 1));
      default -> {
        if (random.nextInt(20) == 0) {
          queue.asked.clear();
          queue.executing.clear();
          queue.pair.onClosed();
        }
      }
    }
  }

  private static void goOn(TestQueue queue) {
    if (!queue.asked.isEmpty()) {
      queue.sendData();
    }
    if (!queue.executing.isEmpty()) {
      queue.end();
    }
  }

  /** Any order of reads, writes, data, ends, aborts and lost connections: all end, all is back. */
  @Property(tries = 100)
  void everybodyIsServed(@ForAll long seed) {
    Random random = new Random(seed);
    List<HostMemory> hosts = List.of(part(2), part(4L + random.nextInt(30)), part(1));
    List<TestQueue> queues = new ArrayList<>();
    hosts.forEach(host -> queues.addAll(queues(4, host)));
    for (int cid = 0; cid < 400; cid++) {
      TestQueue queue = queues.get(random.nextInt(queues.size()));
      if (!queue.pair.isClosed()) {
        step(random, queue, cid);
      }
      if (random.nextInt(4) == 0) {
        shard.endTurn();
      }
    }
    queues.removeIf(queue -> queue.pair.isClosed());
    for (int turn = 0; turn < 400; turn++) {
      queues.forEach(HostWritesTest::goOn);
      shard.endTurn();
    }
    assertThat(queues).as("seed %s", seed).allMatch(queue -> queue.pair.inFlight() == 0);
    assertThat(shard.buffers.lentBytes()).isZero();
    assertThat(hosts)
        .allMatch(host -> host.io().lentBytes() == 0 && host.writes().lentBytes() == 0);
  }
}
