package io.mora.initiator.signals;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.intent.Intent;
import io.mora.protocol.intent.Timing;
import io.mora.protocol.status.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a late command's time went, and what of a command is counted as what. */
class SignalsTest {
  private static final Intent CRITICAL = Intent.critical().budgetUs(100);

  private final GcPauses pauses = GcPauses.listen();
  private final QueueSignals queue = new QueueSignals(pauses, 0);
  private final SignalTotals totals = new SignalTotals();

  SignalsTest() {
    totals.add(queue);
  }

  private static Example late() {
    return new Example(CRITICAL);
  }

  @Test
  void theLongestPartIsTheCause() {
    assertThat(LateCause.of(late().hostQueue(500))).isEqualTo(LateCause.HOST_QUEUE);
    assertThat(LateCause.of(late().network(500))).isEqualTo(LateCause.NETWORK);
    assertThat(LateCause.of(late().device(500))).isEqualTo(LateCause.DEVICE);
    assertThat(LateCause.of(late().send(500))).isEqualTo(LateCause.SEND);
    assertThat(LateCause.of(late().queue(500, 0))).isEqualTo(LateCause.TARGET_QUEUE);
    assertThat(LateCause.of(late().queue(500, Timing.THROTTLED))).isEqualTo(LateCause.TOKEN_BUCKET);
    assertThat(LateCause.of(late().queue(500, Timing.DOWNGRADED))).isEqualTo(LateCause.ADMISSION);
    assertThat(LateCause.of(late().wakeUp(500, 0))).isEqualTo(LateCause.CLIENT_WAKE_UP);
    assertThat(LateCause.of(late().wakeUp(500, 1))).isEqualTo(LateCause.WRONG_CORE);
    assertThat(LateCause.of(late().untimed().device(500))).isEqualTo(LateCause.NETWORK);
    assertThat(LateCause.of(late().untimed().hostQueue(500))).isEqualTo(LateCause.HOST_QUEUE);
  }

  @Test
  void usefulTimeIsWithoutTheDevices() {
    // 1 in this host, 10 between, 20 at the device, 1 after it, 4 to the consumer
    queue.ended(late().wakeUp(4, 0), false);
    ClassSignals signals = totals.classes().get(7);
    assertThat(signals.usefulCompletion().samples()).isEqualTo(1);
    assertThat(signals.usefulCompletion().p50Ns()).isBetween(16_000L, 20_480L);
    // 1 after the device, half of the 10, and the 4
    assertThat(signals.doneToReady().p50Ns()).isBetween(10_000L, 12_288L);
  }

  @Test
  void deadlinesAreCountedFromSubmitToReady() {
    queue.ended(late(), false);
    queue.ended(late().wakeUp(100, 0), false);
    queue.ended(new Example(Intent.critical()).device(119), true); // its default is 150 us
    ClassSignals signals = totals.classes().get(7);
    assertThat(signals.deadlineHits()).isEqualTo(2);
    assertThat(signals.deadlineMisses()).isEqualTo(1);
    assertThat(signals.lateCauses()).isEmpty();
    totals.explain();
    assertThat(totals.classes().get(7).lateCauses()).containsOnlyKeys(LateCause.CLIENT_WAKE_UP);
  }

  @Test
  void aPauseThatTookTheExcessIsTheCause() {
    Example late = late().wakeUp(1000, 0);
    pauses.add(late.completedNs(), late.readyNs());
    queue.ended(late, false);
    totals.explain();
    assertThat(totals.classes().get(7).lateCauses()).containsOnlyKeys(LateCause.GC_PAUSE);
  }

  @Test
  void everyMissGetsOneCauseHoweverMany() {
    for (int i = 0; i < 1000; i++) {
      queue.ended(late().device(500), i % 2 == 0);
    }
    totals.explain();
    assertThat(totals.classes().get(7).lateCauses()).containsEntry(LateCause.DEVICE, 1000L);
  }

  @Test
  void outcomesFlagsAndPlacesAreCounted() {
    queue.ended(late().queue(1, Timing.DEFERRED | Timing.THROTTLED), false);
    queue.ended(late().wakeUp(1, 1), true);
    Example unknown = late().wakeUp(1, -1);
    queue.ended(unknown, true);
    Example expired = new Example(Intent.prefetch(50).expire());
    expired.status = Status.INTENT_EXPIRED;
    queue.ended(expired, false);
    Example cancelled = new Example(Intent.prefetch(50));
    cancelled.status = Status.ABORT_REQUESTED;
    queue.ended(cancelled, false);
    queue.consumed(7, 3_000);
    ClassSignals critical = totals.classes().get(7);
    assertThat(critical.commands()).isEqualTo(3);
    assertThat(critical.deferredCompletionRate()).isBetween(0.333, 0.334);
    assertThat(critical.throttled()).isEqualTo(1);
    assertThat(critical.localityMissRate()).isEqualTo(0.5);
    assertThat(critical.localityUnknown()).isEqualTo(1);
    assertThat(critical.consumedGap().samples()).isEqualTo(1);
    ClassSignals prefetch = totals.classes().get(3);
    assertThat(prefetch.expired()).isEqualTo(1);
    assertThat(prefetch.cancelled()).isEqualTo(1);
    assertThat(prefetch.deadlineHits() + prefetch.deadlineMisses()).isZero();
  }

  @Test
  void slowOnesAreInTheFlightRecording(@TempDir Path folder) throws Exception {
    QueueSignals watched = new QueueSignals(pauses, 200_000);
    Path file = folder.resolve("slow.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.mora.initiator.SlowIo");
      recording.start();
      watched.ended(late(), false);
      watched.ended(late().device(500), false);
      recording.stop();
      recording.dump(file);
    }
    assertThat(Files.size(file)).isPositive();
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getString("cause")).isEqualTo("DEVICE");
    assertThat(events.get(0).getDuration("deviceNs").toNanos()).isBetween(500_000L, 501_000L);
    assertThat(events.get(0).getInt("latencyClass")).isEqualTo(7);
  }
}
