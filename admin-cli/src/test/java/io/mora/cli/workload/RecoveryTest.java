package io.mora.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final long FROM = Long.MAX_VALUE - 50; // nanoTime may wrap

  /** Requests 10 ns apart from FROM on; each took what is given. */
  private static long after(long... took) {
    long[] intended = LongStream.range(0, took.length).map(i -> FROM + 10 * i).toArray();
    return Recovery.afterNs(intended, took, FROM, 5);
  }

  private static long[] took(int slow, int quick) {
    long[] took = new long[slow + quick];
    Arrays.fill(took, 0, slow, 6);
    Arrays.fill(took, slow, slow + quick, 5);
    return took;
  }

  @Test
  void itIsTheBeginOfTheFirstRowOfQuickOnes() {
    assertThat(after(took(7, 10))).isEqualTo(70);
    assertThat(after(took(0, 10))).isZero();
  }

  @Test
  void oneSlowRequestBreaksARow() {
    long[] took = took(3, 30);
    took[10] = Tally.NEVER;
    assertThat(after(took)).isEqualTo(110);
  }

  @Test
  void aRowThatIsTooShortIsNone() {
    assertThat(after(took(7, 9))).isEqualTo(-1);
    assertThat(after()).isEqualTo(-1);
  }
}
