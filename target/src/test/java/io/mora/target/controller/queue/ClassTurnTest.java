package io.mora.target.controller.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.qos.ClassScheduler;
import io.mora.qos.CostModel;
import io.mora.qos.DeviceWindow;
import io.mora.qos.IoClass;
import io.mora.qos.SchedulerOptions;
import io.mora.qos.WindowPolicy;
import io.mora.target.backend.IoRequest;
import io.mora.target.shard.Admission;
import io.mora.target.shard.AlignedBufferPool;
import io.mora.target.shard.Flushable;
import io.mora.target.shard.QueuedIo;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A turn that goes by class: what it hands out, holds, and stays awake for. */
class ClassTurnTest {
  private static final int MIB = 1 << 20;

  private final StillLoop loop = new StillLoop();
  private final ClassScheduler scheduler = new ClassScheduler(SchedulerOptions.DEVICES);
  private final Admission admission =
      new Admission(SchedulerOptions.ADMISSION, 4 * MIB, afterNs -> {}, loop.nowNs);
  private final ShardTurn turn;
  private final List<Io> started = new ArrayList<>();

  ClassTurnTest() {
    Shard shard =
        new Shard(
            0,
            loop,
            new AlignedBufferPool(2 * MIB, () -> {}),
            new AlignedBufferPool(2 * MIB, () -> {}));
    turn = new ShardTurn(shard, scheduler, admission, (opcode, queued, device, total) -> {});
    turn.line(CostModel.calibrating(), DeviceWindow.of(WindowPolicy.OPEN));
  }

  private final class Io extends QueuedIo {
    Io(int ioClass, int bytes) {
      this.ioClass = ioClass;
      costBytes = bytes;
    }

    @Override
    protected void start(long nowNs) {
      started.add(this);
    }

    @Override
    protected void expire(long nowNs) {
      throw new AssertionError("nothing expires here");
    }
  }

  private void round() {
    loop.round++;
    turn.endOfTurn();
    turn.endOfTurn();
  }

  /** What the turn has taken out of the scheduler waits in order of arrival: it must be little. */
  @Test
  void littleIsHeldWhenATurnStartsLessThanThereIs() {
    for (int i = 0; i < 100; i++) {
      turn.submit(new Io(IoClass.BULK, 16 * MIB));
    }
    for (int i = 0; i < 50; i++) {
      round();
      assertThat(scheduler.inFlight() - started.size()).isBetween(0, 1);
    }
    assertThat(started).hasSize(50);
    int awake = loop.awake;
    Io urgent = new Io(IoClass.CRITICAL, 4096);
    turn.submit(urgent);
    Io normal = new Io(IoClass.NORMAL, 4096);
    turn.submit(normal);
    round();
    assertThat(started).as("goes before what is held").contains(urgent);
    assertThat(loop.awake).isGreaterThan(awake);
    round();
    round();
    assertThat(started).as("does not wait for all bulk that came before").contains(normal);
  }

  @Test
  void whatIsHeldCanBeCancelled() {
    Io first = new Io(IoClass.BULK, 16 * MIB);
    Io second = new Io(IoClass.BULK, 16 * MIB);
    turn.submit(first);
    turn.submit(second);
    round();
    assertThat(started).containsExactly(first);
    assertThat(turn.cancel(second)).isTrue();
    assertThat(turn.cancel(second)).isFalse();
    assertThat(turn.cancel(first)).as("is at its device").isFalse();
    turn.deviceDone(first);
    assertThat(scheduler.inFlight()).isZero();
    assertThat(scheduler.queued()).isZero();
    round();
    assertThat(started).containsExactly(first);
  }

  /** A reply that leaves may let a write in: nothing else would wake the loop for it. */
  @Test
  void aWriteThatComesWhileRepliesAreWrittenIsLetIn() {
    Io write = new Io(IoClass.NORMAL, MIB);
    turn.flushLater(
        new Flushable() {
          @Override
          protected void flushNow() {
            admission.submit(write, loop.nowNs);
          }
        });
    turn.endOfTurn();
    assertThat(started).isEmpty();
    assertThat(loop.awake).isEqualTo(1);
    turn.endOfTurn();
    assertThat(started).containsExactly(write);
    assertThat(loop.awake).isEqualTo(1);
  }

  /** How long a deallocation takes has nothing to do with how much it deallocates. */
  @Test
  void requestsWithoutDataCostNothingForTheirLength() {
    TestQueue queue = new TestQueue(8);
    queue.command(1);
    CommandSlot slot = Objects.requireNonNull(queue.executing.get(0));
    queue.pair.submit(slot, IoRequest.DEALLOCATE, 0, 1L << 44);
    assertThat(slot.costBytes).isZero();
    assertThat(slot.request.lengthBytes).isEqualTo(1L << 44);
  }
}
