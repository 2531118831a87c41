package io.mora.target.controller.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.pdu.PduException;
import io.mora.target.shard.IoBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A queue pair's share: its bound, the pool's, the order, and nobody forgotten. */
class BufferShareTest {
  /** The share of {@link TestQueue#limits}: four commands of the largest size. */
  private static final int SHARE = 4;

  private static List<Integer> cids(List<CommandSlot> slots) {
    return slots.stream().map(slot -> slot.cid).toList();
  }

  private static void finish(TestQueue queue, int index) {
    CommandSlot slot = queue.executing.remove(index);
    queue.pair.finish(slot, slot.buffer, slot.dataLength);
    queue.pair.sent(slot);
  }

  /** Others hold all of the pool. */
  private static List<IoBuffer> takeAll(TestQueue queue) {
    List<IoBuffer> others = new ArrayList<>();
    IoBuffer taken = queue.buffers.take(1 << 20);
    while (taken != null) {
      others.add(taken);
      taken = queue.buffers.take(TestQueue.TRANSFER_BYTES);
    }
    return others;
  }

  @Test
  void theShareIsBoundedAndTheRestWaitInOrder() {
    TestQueue queue = new TestQueue(32);
    queue.verdict = CommandSet.DATA_TO_HOST;
    for (int cid = 0; cid < 10; cid++) {
      queue.command(cid);
    }
    assertThat(cids(queue.executing)).containsExactly(0, 1, 2, 3);
    assertThat(queue.buffers.lentBytes()).isEqualTo((long) SHARE * TestQueue.TRANSFER_BYTES);
    finish(queue, 2);
    assertThat(cids(queue.executing)).containsExactly(0, 1, 3, 4);
    while (!queue.executing.isEmpty()) {
      finish(queue, 0);
    }
    assertThat(queue.said).contains("data 9");
    assertThat(queue.buffers.lentBytes()).isZero();
  }

  /** A small command does not pass a large one that waits. */
  @Test
  void nobodyPasses() {
    TestQueue queue = new TestQueue(32);
    queue.verdict = CommandSet.DATA_TO_HOST;
    for (int cid = 0; cid < SHARE + 1; cid++) {
      queue.command(cid);
    }
    queue.smallest = true;
    queue.command(9);
    assertThat(cids(queue.executing)).containsExactly(0, 1, 2, 3);
    finish(queue, 0);
    assertThat(cids(queue.executing)).containsExactly(1, 2, 3, 4);
    finish(queue, 0);
    assertThat(cids(queue.executing)).containsExactly(2, 3, 4, 9);
  }

  /** The first of those that wait is aborted: the next, which fits, does not wait for it. */
  @Test
  void whatFitsIsServedWhenWhatDidNotIsAborted() {
    TestQueue queue = new TestQueue(32);
    queue.verdict = CommandSet.DATA_TO_HOST;
    List<IoBuffer> others = takeAll(queue);
    queue.buffers.give(others.remove(others.size() - 1));
    IoBuffer some = Objects.requireNonNull(queue.buffers.take(4096));
    queue.command(1);
    queue.smallest = true;
    queue.command(2);
    queue.endTurn();
    assertThat(queue.executing).isEmpty();
    assertThat(queue.pair.aborts().abort(1)).isTrue();
    queue.endTurn();
    assertThat(cids(queue.executing)).containsExactly(2);
    queue.pair.onClosed();
    queue.buffers.give(some);
    others.forEach(queue.buffers::give);
  }

  /** The pool has less than the share: what others hold is waited for, and told of. */
  @Test
  void waitsForThePool() {
    TestQueue queue = new TestQueue(32);
    queue.verdict = CommandSet.DATA_TO_HOST;
    List<IoBuffer> others = takeAll(queue);
    queue.command(1);
    queue.command(2);
    queue.endTurn();
    assertThat(queue.executing).isEmpty();
    queue.buffers.give(others.remove(others.size() - 1));
    queue.endTurn();
    assertThat(cids(queue.executing)).containsExactly(1);
    queue.buffers.give(others.remove(0));
    queue.endTurn();
    assertThat(cids(queue.executing)).containsExactly(1, 2);
    queue.pair.onClosed();
    others.forEach(queue.buffers::give);
  }

  @Test
  void whoIsGoneWaitsNoMore() {
    TestQueue queue = new TestQueue(32);
    queue.verdict = CommandSet.DATA_FROM_HOST;
    for (int cid = 0; cid < 10; cid++) {
      queue.command(cid);
    }
    assertThat(queue.said).contains("r2t 3 0 " + TestQueue.TRANSFER_BYTES).doesNotContain("r2t 4");
    queue.pair.onClosed();
    queue.endTurn();
    assertThat(queue.buffers.lentBytes()).isZero();
    assertThat(queue.drained).isTrue();
    assertThat(queue.executing).isEmpty();
  }

  /** An event request waits for ever: it must not keep the buffer of data it has no use for. */
  @Test
  void dataNobodyAskedForIsGivenBackAtOnce() throws PduException {
    TestQueue queue = new TestQueue(32);
    queue.verdict = CommandSet.READY;
    ByteBuf data = Unpooled.buffer(4096, 4096).writeZero(4096);
    queue.pair.onCapsuleCmd(TestQueue.sqe(1), 0, 4096);
    queue.pair.onData(data, 0, 4096);
    queue.pair.onDataEnd(true);
    assertThat(cids(queue.executing)).containsExactly(1);
    assertThat(queue.capsuleBuffers.lentBytes()).isZero();
    queue.pair.finish(queue.executing.remove(0));
    assertThat(queue.capsuleBuffers.lentBytes()).isZero();
  }

  /** Data in a capsule does not wait for the share, and not for the pool of the rest. */
  @Test
  void capsulesHaveTheirOwn() throws PduException {
    TestQueue queue = new TestQueue(32);
    queue.verdict = CommandSet.DATA_FROM_HOST;
    for (int cid = 0; cid < 10; cid++) {
      queue.command(cid);
    }
    queue.pair.onCapsuleCmd(TestQueue.sqe(20), 0, 4096);
    assertThat(queue.pair.wantsData()).isTrue();
    ByteBuf data = Unpooled.buffer(4096).writeZero(4096);
    queue.pair.onData(data, 0, 4096);
    queue.pair.onDataEnd(true);
    assertThat(cids(queue.executing)).containsExactly(20);
    CommandSlot slot = queue.executing.remove(0);
    queue.pair.finish(slot);
    assertThat(queue.capsuleBuffers.lentBytes()).as("given back with the reply").isZero();
    queue.pair.sent(slot);
    queue.pair.onClosed();
  }

  @Test
  void aCapsuleWaitsForItsOwnPoolOnly() throws PduException {
    TestQueue queue = new TestQueue(32);
    IoBuffer all = Objects.requireNonNull(queue.capsuleBuffers.take(2 << 20));
    queue.pair.onCapsuleCmd(TestQueue.sqe(1), 0, 4096);
    assertThat(queue.pair.wantsData()).isFalse();
    queue.endTurn();
    assertThat(queue.said).isEmpty();
    queue.capsuleBuffers.give(all);
    queue.endTurn();
    assertThat(queue.said).containsExactly("resume");
    assertThat(queue.pair.wantsData()).isTrue();
    queue.pair.onClosed();
    assertThat(queue.capsuleBuffers.lentBytes()).isZero();
  }

  /** Any order of commands, ends and other loans: all are served, nothing stays lent. */
  @Property(tries = 60)
  void everybodyIsServed(@ForAll long seed) {
    Random random = new Random(seed);
    TestQueue queue = new TestQueue(64);
    queue.verdict = CommandSet.DATA_TO_HOST;
    List<IoBuffer> others = new ArrayList<>();
    int cid = 0;
    for (int step = 0; step < 200; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          if (queue.pair.inFlight() < 64 && queue.pair.wantsMore()) {
            queue.smallest = random.nextBoolean();
            queue.command(cid++);
          }
        }
        case 2 -> {
          if (!queue.executing.isEmpty()) {
            finish(queue, random.nextInt(queue.executing.size()));
          }
        }
        case 3 -> {
          IoBuffer other = queue.buffers.take(1 + random.nextInt(1 << 20));
          if (other != null) {
            others.add(other);
          }
        }
        default -> {
          if (!others.isEmpty()) {
            queue.buffers.give(others.remove(random.nextInt(others.size())));
          }
        }
      }
      queue.endTurn();
      long share = (long) SHARE * TestQueue.TRANSFER_BYTES;
      long lent = queue.buffers.lentBytes();
      long othersLent = others.stream().mapToLong(other -> other.capacity).sum();
      assertThat(lent - othersLent).isLessThanOrEqualTo(share);
    }
    others.forEach(queue.buffers::give);
    queue.endTurn();
    while (!queue.executing.isEmpty()) {
      finish(queue, 0);
      queue.endTurn();
    }
    assertThat(queue.pair.inFlight()).isZero();
    assertThat(queue.said.stream().filter(line -> line.startsWith("data"))).hasSize(cid);
    assertThat(queue.buffers.lentBytes()).isZero();
  }
}
