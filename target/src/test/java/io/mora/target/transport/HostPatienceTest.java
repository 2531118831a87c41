package io.mora.target.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.metrics.StageRecorder;
import org.junit.jupiter.api.Test;

class HostPatienceTest {
  private final StageRecorder recorder = (opcode, queueNs, deviceNs, totalNs) -> {};
  private final HostPatience patience = new HostPatience();

  private void assertNever(boolean pdu, long read, long untaken, boolean data, long bytes) {
    for (int i = 0; i < 3 * HostPatience.LOOKS; i++) {
      assertThat(patience.isAtEnd(pdu, read, untaken, data, bytes)).isFalse();
    }
  }

  private void assertAtEnd(boolean pdu, long read, long untaken, boolean data, long bytes) {
    // The first look only takes note.
    int looks = 0;
    while (!patience.isAtEnd(pdu, read, untaken, data, bytes)) {
      looks++;
      assertThat(looks).isLessThanOrEqualTo(HostPatience.LOOKS);
    }
    assertThat(looks).isGreaterThanOrEqualTo(HostPatience.LOOKS - 1);
  }

  @Test
  void whoOwesNothingMayBeSilent() {
    assertNever(false, 100, 0, false, 0);
  }

  @Test
  void theRestOfAPdu() {
    assertAtEnd(true, 100, 0, false, 0);
  }

  @Test
  void repliesNotTaken() {
    assertAtEnd(false, 100, 4096, false, 0);
  }

  @Test
  void dataNotSent() {
    assertAtEnd(false, 100, 0, true, 8192);
  }

  /** Other traffic on the same connection is no answer to an R2T. */
  @Test
  void commandsDoNotPayForData() {
    long read = 0;
    int at = 0;
    while (!patience.isAtEnd(false, read++, 0, true, 8192)) {
      at++;
      assertThat(at).isLessThanOrEqualTo(HostPatience.LOOKS);
    }
  }

  @Test
  void progressIsEnough() {
    for (int i = 0; i < 100; i++) {
      assertThat(patience.isAtEnd(true, i, 1000 - i, true, i * 4L)).isFalse();
    }
  }

  @Test
  void onePartOfProgressStartsAnew() {
    for (int i = 0; i < 100; i++) {
      assertThat(patience.isAtEnd(true, i / (HostPatience.LOOKS - 1), 0, false, 0)).isFalse();
    }
  }

  /** Of a host whose data is spoilt half of the time, or less, no end. */
  @Test
  void aHostIsGivenUpWhenMoreThanHalfOfItsDigestsAreWrong() {
    HostPatience patience = new HostPatience();
    for (int i = 0; i < 10_000; i++) {
      assertThat(patience.isAtEnd(i % 2 != 0, recorder)).isFalse();
    }
    int wrong = 0;
    int all = 0;
    for (boolean end = false; !end; all++) {
      boolean valid = all % 3 == 0;
      wrong += valid ? 0 : 1;
      end = patience.isAtEnd(valid, recorder);
    }
    assertThat(2 * wrong - all)
        .isBetween(HostPatience.WRONG_DIGESTS - 2, HostPatience.WRONG_DIGESTS);
  }
}
