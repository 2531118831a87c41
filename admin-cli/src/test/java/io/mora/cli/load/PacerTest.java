package io.mora.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.load.Stages.Stage;
import io.mora.qos.pause.PauseSum;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PacerTest {
  private final FakeNamespace namespace = new FakeNamespace(64);

  private QueueLoad load(Window window) {
    Workload workload =
        new Workload(512, 100, false, 8, 5_000, new Workload.Region(0, 64 * 512), false, 1);
    QueueLoad.Phase phase = new QueueLoad.Phase(window, null, new ThreadStages(3), Long.MAX_VALUE);
    return new QueueLoad(namespace, workload, Indices.random(64, new Dice(1)), new Dice(2), phase);
  }

  @Test
  void startsAsManyAsWereDue() throws Exception {
    Window window = Window.of(System.nanoTime(), 0, 200_000_000);
    QueueLoad load = load(window);
    AtomicBoolean over = new AtomicBoolean();
    Thread target =
        new Thread(
            () -> {
              while (!over.get()) {
                namespace.nowNs = System.nanoTime();
                if (!namespace.complete()) {
                  Thread.onSpinWait();
                }
              }
            });
    target.start();
    Pacer pacer = new Pacer(List.of(load), window, 5_000);
    assertThat(pacer.run(30_000_000_000L)).isTrue();
    over.set(true);
    target.join();
    assertThat(pacer.missed()).isZero();
    assertThat(
            LoadResult.of(List.of(load), 1, PauseSum.NONE, null)
                .stages()
                .of(Stage.TOTAL)
                .getTotalCount())
        .isEqualTo(1_000);
  }

  @Test
  void aTargetThatNeverAnswersIsReportedNotWaitedForWithoutEnd() {
    Window window = Window.of(System.nanoTime(), 0, 20_000_000);
    QueueLoad load = load(window);
    Pacer pacer = new Pacer(List.of(load), window, 5_000);
    assertThat(pacer.run(20_000_000)).isFalse();
    assertThat(pacer.missed()).isEqualTo(100 - 8);
  }
}
