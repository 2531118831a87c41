package io.mora.target.controller.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.shard.Flushable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens once a turn, and how often the clock is read for it. */
class ShardTurnTest {
  private final TestQueue queue = new TestQueue(32);
  private final List<String> flushed = new ArrayList<>();

  private Flushable flushable(String name) {
    return new Flushable() {
      @Override
      protected void flushNow() {
        flushed.add(name);
      }

      @Override
      protected void failed() {
        flushed.add(name + " failed");
      }
    };
  }

  @Test
  void flushesEachOnceATurn() {
    Flushable a = flushable("a");
    Flushable b = flushable("b");
    queue.turn.flushLater(a);
    queue.turn.flushLater(b);
    queue.turn.flushLater(a);
    assertThat(flushed).isEmpty();
    queue.turn.endOfTurn();
    assertThat(flushed).containsExactlyInAnyOrder("a", "b");
    queue.turn.endOfTurn();
    assertThat(flushed).hasSize(2);
    queue.turn.flushLater(b);
    queue.turn.endOfTurn();
    assertThat(flushed).hasSize(3);
  }

  /** What a flush sets free may write more: another turn comes, it does not wait for an event. */
  @Test
  void aFlushThatCausesMoreKeepsTheLoopAwake() {
    Flushable later = flushable("later");
    Flushable first =
        new Flushable() {
          @Override
          protected void flushNow() {
            flushed.add("first");
            queue.turn.flushLater(later);
          }

          @Override
          protected void failed() {
            flushed.add("first failed");
          }
        };
    queue.turn.flushLater(first);
    queue.turn.endOfTurn();
    assertThat(flushed).containsExactly("first");
    assertThat(queue.loop.awake).isEqualTo(1);
    queue.turn.endOfTurn();
    assertThat(flushed).containsExactly("first", "later");
    assertThat(queue.loop.awake).isEqualTo(1);
  }

  /** A defect in one connection ends that one; those behind it are written. */
  @Test
  void oneThatBreaksDoesNotSilenceTheRest() {
    queue.turn.flushLater(
        new Flushable() {
          @Override
          protected void flushNow() {
            throw new IllegalStateException("a defect, on purpose");
          }

          @Override
          protected void failed() {
            flushed.add("failed");
          }
        });
    queue.turn.flushLater(flushable("behind"));
    queue.turn.endOfTurn();
    assertThat(flushed).containsExactly("failed", "behind");
  }

  @Test
  void whoLeavesTheShardIsForgotten() {
    Flushable a = flushable("a");
    Flushable b = flushable("b");
    Flushable c = flushable("c");
    queue.turn.flushLater(a);
    queue.turn.flushLater(b);
    queue.turn.flushLater(c);
    queue.turn.forget(b);
    queue.turn.forget(c);
    queue.turn.forget(c);
    queue.turn.endOfTurn();
    assertThat(flushed).containsExactly("a");
    queue.turn.flushLater(c);
    queue.turn.endOfTurn();
    assertThat(flushed).containsExactly("a", "c");
  }

  @Test
  void theClockIsReadOncePerBatchOfCommands() {
    queue.turn.endOfTurn();
    int before = queue.loop.clockReads;
    for (int cid = 0; cid < 20; cid++) {
      queue.command(cid);
    }
    assertThat(queue.loop.clockReads).isEqualTo(before + 1);
    queue.turn.endOfTurn();
    queue.command(20);
    assertThat(queue.loop.clockReads).isEqualTo(before + 2);
  }
}
