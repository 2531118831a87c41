package io.mora.target.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The ring of turns against a queue. */
class TurnMarksTest {
  private record Mark(int slots, long bytes) {}

  /** A step of 2 or more adds that many bytes, others remove. */
  @Property(tries = 300)
  void firstInFirstOut(@ForAll @Size(max = 300) @IntRange(min = 0, max = 6) int[] steps) {
    TurnMarks marks = new TurnMarks();
    ArrayDeque<Mark> model = new ArrayDeque<>();
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] >= 2) {
        long bytes = steps[i] * 3_000_000_000L;
        marks.add(i, bytes);
        model.add(new Mark(i, bytes));
      } else if (!model.isEmpty()) {
        Mark oldest = model.remove();
        assertThat(marks.bytes()).isEqualTo(oldest.bytes());
        assertThat(marks.remove()).isEqualTo(oldest.slots());
      }
    }
    for (Mark mark : model) {
      assertThat(marks.bytes()).isEqualTo(mark.bytes());
      assertThat(marks.remove()).isEqualTo(mark.slots());
    }
  }
}
