package io.mora.target.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TaskLinesTest {
  private final Deque<Runnable> thread = new ArrayDeque<>();
  private final TaskLines<String> lines = new TaskLines<>(3, thread::add);
  private final List<String> ran = new ArrayList<>();

  private boolean add(String key, int number) {
    return lines.add(key, () -> ran.add(key + number));
  }

  private List<String> runAll() {
    ran.clear();
    while (!thread.isEmpty()) {
      thread.remove().run();
    }
    return ran;
  }

  @Test
  void linesTakeTurns() {
    add("a", 1);
    add("a", 2);
    add("a", 3);
    add("b", 1);
    add("c", 1);
    add("b", 2);
    assertThat(runAll()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
  }

  @Test
  void aFullLineTakesNoMoreAndNoOtherCares() {
    for (int i = 1; i <= 3; i++) {
      assertThat(add("a", i)).isTrue();
    }
    assertThat(add("a", 4)).isFalse();
    assertThat(add("b", 1)).isTrue();
    thread.remove().run();
    assertThat(add("a", 5)).as("one has run").isTrue();
    assertThat(add("a", 6)).isFalse();
    assertThat(runAll()).containsExactly("b1", "a2", "a3", "a5");
    assertThat(add("a", 7)).isTrue();
    assertThat(runAll()).containsExactly("a7");
  }

  @Test
  void whatIsFirstTakesItsLineAlong() {
    add("a", 1);
    add("b", 1);
    add("a", 2);
    add("b", 2);
    lines.addFirst("b", () -> ran.add("first"));
    add("b", 3);
    lines.addFirst("none", () -> ran.add("second"));
    assertThat(runAll()).containsExactly("b1", "b2", "first", "second", "a1", "b3", "a2");
  }

  @Test
  void nothingStaysWhereTheThreadTakesNoMore() {
    List<String> taken = new ArrayList<>();
    TaskLines<String> stopped =
        new TaskLines<>(
            3,
            task -> {
              if (!taken.isEmpty()) {
                throw new RejectedExecutionException();
              }
              taken.add("one");
              thread.add(task);
            });
    stopped.add("a", () -> ran.add("a1"));
    for (int i = 0; i < 9; i++) {
      assertThatThrownBy(() -> stopped.add("a", () -> ran.add("late")))
          .isInstanceOf(RejectedExecutionException.class);
    }
    assertThat(runAll()).containsExactly("a1");
  }
}
