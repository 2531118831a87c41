package io.mora.initiator.locality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.qos.locality.CpuTopology;
import io.mora.qos.locality.CpuTopology.Cpu;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nearest first: CPU, core, node, anything. */
class QueueChooserTest {
  /** Two packages, a node each, with two cores of two threads. */
  private final QueueChooser chooser =
      new QueueChooser(
          new CpuTopology(
              List.of(
                  new Cpu(0, 0, 0, 0),
                  new Cpu(1, 1, 0, 0),
                  new Cpu(2, 0, 1, 1),
                  new Cpu(3, 1, 1, 1),
                  new Cpu(4, 0, 0, 0),
                  new Cpu(5, 1, 0, 0),
                  new Cpu(6, 0, 1, 1),
                  new Cpu(7, 1, 1, 1)),
              "made up"));

  private List<Integer> choices(int cpu) {
    return IntStream.range(0, 12)
        .map(i -> chooser.choose(cpu, i))
        .distinct()
        .sorted()
        .boxed()
        .toList();
  }

  @Test
  void theNearestIsChosen() {
    assertThat(chooser.update(new int[] {0, 1, 2})).isTrue();
    assertThat(choices(0)).containsExactly(0);
    assertThat(choices(5)).containsExactly(1); // the other thread of the core
    assertThat(choices(3)).containsExactly(2); // the only one of the node
    assertThat(choices(6)).containsExactly(2);
  }

  @Test
  void thoseEquallyNearAreSharedOut() {
    chooser.update(new int[] {0, 0, 1, 2});
    assertThat(choices(0)).containsExactly(0, 1);
    assertThat(choices(-1)).containsExactly(0, 1, 2, 3);
    assertThat(choices(4711)).containsExactly(0, 1, 2, 3);
    assertThat(chooser.choose(0, -3)).isBetween(0, 1);
  }

  @Test
  void theChoiceFollowsWhatIsSeen() {
    assertThat(chooser.update(new int[] {-1, -1})).isTrue();
    assertThat(choices(2)).containsExactly(0, 1);
    assertThat(chooser.update(new int[] {2, 0})).isTrue();
    assertThat(choices(2)).containsExactly(0);
    assertThat(chooser.update(new int[] {2, 0})).isFalse();
    assertThat(chooser.update(new int[] {0, 2})).isTrue();
    assertThat(choices(2)).containsExactly(1);
  }

  @Test
  void aConsumerIsBelievedToHaveMovedAfterAWhile() {
    IoConsumer consumer = IoConsumer.on(Runnable::run, 3);
    for (int i = 1; i < IoConsumer.MOVED_AFTER; i++) {
      consumer.ranOn(5);
    }
    consumer.ranOn(3); // a short visit
    for (int i = 1; i < IoConsumer.MOVED_AFTER; i++) {
      consumer.ranOn(5);
      assertThat(consumer.cpu()).isEqualTo(3);
    }
    consumer.ranOn(5);
    assertThat(consumer.cpu()).isEqualTo(5);
    IoConsumer anywhere = IoConsumer.on(Runnable::run, IoConsumer.ANYWHERE);
    anywhere.ranOn(2);
    assertThat(anywhere.cpu()).isEqualTo(2);
    assertThatThrownBy(() -> IoConsumer.onCpu(-2)).hasMessageContaining("cpu -2");
  }
}
