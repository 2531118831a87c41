package io.mora.initiator.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.status.Status;
import java.util.Random;
import java.util.concurrent.CompletionException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** When to try again. */
class ReconnectorTest {
  @Property(tries = 200)
  void theDelayVariesByAQuarterAtMost(
      @ForAll @LongRange(min = 1, max = 100_000) long delayMs, @ForAll long seed) {
    Reconnector reconnector = new Reconnector(delayMs, -1, new Random(seed));
    reconnector.lost(0);
    for (int i = 0; i < 20; i++) {
      long next = reconnector.nextDelayMs(0, 0);
      assertThat(next).isBetween(delayMs - delayMs / 4, delayMs + delayMs / 4);
    }
    assertThat(reconnector.attempts()).isEqualTo(20);
  }

  @Example
  void oldCommandsGetTheirTimeFirst() {
    Reconnector reconnector = new Reconnector(10, -1, new Random(1));
    reconnector.lost(1000);
    assertThat(reconnector.nextDelayMs(1000, 500)).isEqualTo(500);
    assertThat(reconnector.nextDelayMs(1400, 500)).isEqualTo(100);
    assertThat(reconnector.nextDelayMs(1600, 500)).isBetween(8L, 12L);
  }

  @Example
  void attemptsEndWithTheLossTimeout() {
    Reconnector off = new Reconnector(10, 0, new Random(1));
    off.lost(5);
    assertThat(off.mayTry(5)).isFalse();
    Reconnector some = new Reconnector(10, 600, new Random(1));
    some.lost(5);
    assertThat(some.mayTry(604)).isTrue();
    assertThat(some.mayTry(605)).isFalse();
    Reconnector forever = new Reconnector(10, -1, new Random(1));
    forever.lost(5);
    assertThat(forever.mayTry(Long.MAX_VALUE)).isTrue();
  }

  @Example
  void aRefusalForGoodIsTheLast() {
    int busy = Status.CONNECT_CONTROLLER_BUSY;
    Reconnector reconnector = new Reconnector(10, -1, new Random(1));
    assertThat(reconnector.failed(new CommandException(busy, 0x7F, 0))).isTrue();
    assertThat(reconnector.failed(new CommandException(busy | Status.DNR, 0x7F, 0))).isFalse();
    assertThat(reconnector.failed(new ConnectionException(Reason.LOST, "x"))).isTrue();
    assertThat(reconnector.failed(new ConnectionException(Reason.INCOMPATIBLE, "x"))).isFalse();
    assertThat(reconnector.failed(new IllegalStateException())).isTrue();
  }

  @Example
  void aRefusedProofIsTriedAgainLaterEachTime() {
    Reconnector reconnector = new Reconnector(1000, -1, new Random(1));
    reconnector.lost(0);
    assertThat(reconnector.nextDelayMs(0, 0)).isBetween(750L, 1250L);
    for (long expectedMs : new long[] {2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000}) {
      assertThat(reconnector.failed(new ConnectionException(Reason.UNAUTHENTICATED, "x"))).isTrue();
      assertThat(reconnector.nextDelayMs(0, 0))
          .isBetween(expectedMs * 3 / 4, expectedMs + expectedMs / 4);
    }
    reconnector.lost(0);
    assertThat(reconnector.nextDelayMs(0, 0)).isBetween(750L, 1250L);
  }

  @Example
  void whoGivesUpSaysWhatTheLastAttemptCameTo() {
    Reconnector reconnector = new Reconnector(1000, -1, new Random(1));
    ConnectionException loss = new ConnectionException(Reason.LOST, "cut");
    reconnector.lost(0);
    assertThat(reconnector.because(Reason.GIVEN_UP, "not back", loss))
        .hasMessage("GIVEN_UP: not back")
        .hasCause(loss);
    ConnectionException refusal = new ConnectionException(Reason.UNAUTHENTICATED, "wrong proof");
    assertThat(reconnector.failed(refusal)).isTrue();
    ConnectionException why = reconnector.because(Reason.GIVEN_UP, "not back", loss);
    assertThat(why.reason()).isEqualTo(Reason.GIVEN_UP);
    assertThat(why).hasMessageContaining("UNAUTHENTICATED: wrong proof").hasCause(refusal);
    reconnector.lost(5);
    assertThat(reconnector.because(Reason.LOST, "again", loss)).hasCause(loss);
  }

  @Example
  void theCauseIsWhatSaysMost() {
    ConnectionException lost = new ConnectionException(Reason.LOST, "hung up");
    ConnectionException vague = new ConnectionException(Reason.LOST, "the queue is closed");
    ConnectionException within = new ConnectionException(Reason.LOST, "while proving", lost);
    ConnectionException refused = new ConnectionException(Reason.UNAUTHENTICATED, "wrong proof");
    assertThat(Reconnector.causeOf(new CompletionException(within), lost)).isSameAs(within);
    assertThat(Reconnector.causeOf(refused, lost)).isSameAs(refused);
    assertThat(Reconnector.causeOf(vague, lost)).isSameAs(lost);
    CommandException over = new CommandException(Status.CONNECT_INVALID_HOST | Status.DNR, 0x7F, 1);
    assertThat(Reconnector.causeOf(over, lost)).isSameAs(over);
    CommandException later = new CommandException(Status.CONNECT_CONTROLLER_BUSY, 0x7F, 1);
    assertThat(Reconnector.causeOf(later, lost)).isSameAs(lost);
    assertThat(Reconnector.causeOf(null, lost)).isSameAs(lost);
    assertThat(Reconnector.causeOf(vague, null)).isSameAs(vague);
    assertThat(Reconnector.causeOf(null, null)).isInstanceOf(ConnectionException.class);
  }
}
