package io.mora.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlotRingTest {
  @Test
  void everySlotThatIsPutIsTakenOnceInOrder() throws Exception {
    int rounds = 200_000;
    SlotRing toLoop = new SlotRing(4);
    SlotRing back = new SlotRing(4);
    for (int slot = 0; slot < 4; slot++) {
      back.put(slot);
    }
    FutureTask<Long> loop =
        new FutureTask<>(
            () -> {
              long sum = 0;
              for (int i = 0; i < rounds; i++) {
                int slot = await(toLoop);
                sum += slot;
                back.put(slot);
              }
              return sum;
            });
    new Thread(loop, "loop").start();
    long sum = 0;
    for (int i = 0; i < rounds; i++) {
      int slot = await(back);
      assertThat(slot).isEqualTo(i % 4);
      sum += slot;
      toLoop.put(slot);
    }
    assertThat(loop.get(30, TimeUnit.SECONDS)).isEqualTo(sum);
    assertThat(back.size()).isEqualTo(4);
    assertThat(toLoop.take()).isEqualTo(-1);
  }

  private static int await(SlotRing ring) {
    int slot = ring.take();
    while (slot < 0) {
      Thread.onSpinWait();
      slot = ring.take();
    }
    return slot;
  }
}
