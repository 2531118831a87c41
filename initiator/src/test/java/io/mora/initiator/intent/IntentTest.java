package io.mora.initiator.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.locality.IoConsumer;
import io.mora.protocol.CommandException;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.status.Status;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Intent as an application says it and as it goes into CDW2 and CDW3. */
class IntentTest {
  /** The examples of wire reference 6.6. */
  @Example
  void theReferencesExamples() {
    Intent read = Intent.lowLatency().step().timed().budgetUs(400).flow(17);
    assertThat(read.cdw3()).isEqualTo(0x1D400000);
    assertThat(read.cdw2()).isEqualTo(0x00110190);
    Intent ahead = Intent.prefetch(80).expire().budget(Duration.ofMillis(20));
    assertThat(ahead.cdw3()).isEqualTo(0x161C0000);
    assertThat(ahead.cdw2()).isEqualTo(0x000039C4);
  }

  @Example
  void classesAreThoseOfTheWire() {
    assertThat(Intent.critical().latencyClass()).isEqualTo(7);
    assertThat(Intent.lowLatency().latencyClass()).isEqualTo(6);
    assertThat(Intent.interactive().latencyClass()).isEqualTo(5);
    assertThat(Intent.normal().latencyClass()).isEqualTo(4);
    assertThat(Intent.prefetch().latencyClass()).isEqualTo(3);
    assertThat(Intent.bulk().latencyClass()).isEqualTo(2);
    assertThat(Intent.background().latencyClass()).isEqualTo(1);
  }

  @Property(tries = 200)
  void anIntentIsImmutableAndOrderDoesNotMatter(
      @ForAll @IntRange(max = 0xFFFF) int flow,
      @ForAll @LongRange(min = 1, max = Intent.BUDGET_US_MAX) long us) {
    Intent base = Intent.critical();
    Intent one = base.flow(flow).budgetUs(us).step();
    Intent other = base.step().budgetUs(us).flow(flow);
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one.flow()).isEqualTo(flow);
    assertThat(one.budgetUs()).isBetween(us, us + us / 1024 + 1);
    assertThat(base.cdw2()).isZero();
  }

  @Property(tries = 101)
  void confidenceIsNeverToldAsUnknown(@ForAll @IntRange(max = 100) int percent) {
    int told = IntentCodec.confidence(Intent.prefetch(percent).cdw3());
    assertThat(told).isBetween(1, 15);
    assertThat(IntentCodec.confidencePercent(told))
        .isBetween(percent - 4, Math.max(7, percent + 4));
  }

  @Example
  void whatIsOutOfRangeIsRefusedByName() {
    assertThatThrownBy(() -> Intent.prefetch(101)).hasMessageContaining("confidencePercent 101");
    assertThatThrownBy(() -> Intent.bulk().flow(65536)).hasMessageContaining("flow 65536");
    assertThatThrownBy(() -> Intent.bulk().budgetUs(0)).hasMessageContaining("budgetUs 0");
    assertThatThrownBy(() -> Intent.bulk().budget(Duration.ofDays(400)))
        .hasMessageContaining("budget PT9600H");
    assertThat(Intent.bulk().budget(Duration.ofNanos(1)).budgetUs()).isEqualTo(1);
  }

  @Example
  void onlyReadsMayExpire() {
    int cdw3 = Intent.prefetch(50).expire().cdw3();
    int read = IntentDwords.complete(cdw3, false, NvmOpcode.READ, null, null);
    int write = IntentDwords.complete(cdw3, false, NvmOpcode.WRITE, null, null);
    assertThat(read).isEqualTo(cdw3);
    assertThat(write).isEqualTo(cdw3 & ~IntentCodec.EXPIRE);
  }

  @Example
  void whatIsKnownAtTheQueueIsAdded() {
    assertThat(IntentDwords.complete(0, false, NvmOpcode.READ, null, null)).isZero();
    int timed = IntentDwords.complete(0, true, NvmOpcode.READ, null, null);
    assertThat(timed & IntentCodec.RT).isNotZero();
    assertThat(IntentCodec.latencyClass(timed)).isZero();
    IoConsumer consumer = IoConsumer.onCpu(0);
    int tagged = IntentDwords.complete(Intent.bulk().cdw3(), false, NvmOpcode.READ, consumer, null);
    assertThat(IntentCodec.affinity(tagged)).isEqualTo(consumer.tag()).isBetween(1, 255);
  }

  @Example
  void outcomesAreTyped() {
    assertThat(IoOutcome.of(0)).isEqualTo(IoOutcome.DONE);
    assertThat(IoOutcome.of(Status.INTENT_EXPIRED | Status.DNR)).isEqualTo(IoOutcome.EXPIRED);
    Throwable aborted = new CommandException(Status.ABORT_REQUESTED, NvmOpcode.READ, 1);
    assertThat(IoOutcome.of(new CompletionException(aborted))).isEqualTo(IoOutcome.CANCELLED);
    assertThat(IoOutcome.of(Status.LBA_OUT_OF_RANGE)).isEqualTo(IoOutcome.FAILED);
  }
}
