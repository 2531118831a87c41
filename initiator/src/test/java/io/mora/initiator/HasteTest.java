package io.mora.initiator;

import static io.mora.initiator.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.FakeIntent;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.step.Prefetch;
import io.mora.initiator.step.Step;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A read ahead that turned out to be needed is told to be in a hurry, wherever it is. */
class HasteTest {
  private static final IoOptions AHEAD = IoOptions.of(Intent.prefetch(50).expire());

  private final Rig rig = new Rig();

  @AfterEach
  void stop() throws IOException {
    rig.close();
  }

  private RemoteNamespace namespace(boolean told) {
    return rig.connect(rig.options().queues(1).queueDepth(16).latencyIntent(told).build())
        .namespace(1);
  }

  private static ByteBuffer block() {
    return ByteBuffer.allocateDirect(FakeDisk.BLOCK);
  }

  /** What the loop was asked before has been done. */
  private static void settle(RemoteNamespace namespace) {
    get(namespace.association().rescan());
  }

  @Test
  void whatIsConsumedBeforeItIsThereIsHastened() throws IOException {
    FakeIntent fake = FakeIntent.on(rig.controller, 0);
    RemoteNamespace namespace = namespace(true);
    fake.holdReads = true;
    try (Step step = namespace.step(17, Duration.ofMillis(50))) {
      Prefetch next = step.prefetch(0, 1, block(), 80);
      await().until(() -> fake.held() == 1);
      CompletionStage<Completion> consumed = next.consume();
      await().until(() -> fake.hastened.size() == 1);
      FakeIntent.Said said = fake.said.get(1);
      assertThat(said.opcode()).isEqualTo(IntentFeature.HASTEN);
      assertThat(IntentCodec.latencyClass(said.cdw3())).isEqualTo(7);
      assertThat(said.cdw3() & IntentCodec.STEP).isNotZero();
      assertThat(IntentCodec.flow(said.cdw2())).isEqualTo(17);
      assertThat(IntentCodec.budgetUs(said.cdw2())).isBetween(1L, 50_000L);
      assertThat(next.consume()).isSameAs(consumed);
      settle(namespace);
      assertThat(fake.hastened).as("once").hasSize(1);
      fake.holdReads = false;
      fake.endHeld(Status.INTERNAL_ERROR);
      assertThat(Rig.failure(consumed)).isNotNull();
      // What is there needs no haste.
      Prefetch there = step.prefetch(1, 1, block(), 80);
      get(there.stage());
      get(there.consume());
      settle(namespace);
      assertThat(fake.hastened).hasSize(1);
      assertThat(namespace.association().signals().classes().get(7).commands())
          .as("Hasten itself is not measured")
          .isZero();
    }
  }

  @Test
  void whatHasNotLeftLeavesInAHurry() throws IOException {
    FakeIntent fake = FakeIntent.on(rig.controller, 0);
    RemoteNamespace namespace = namespace(true);
    fake.holdReads = true;
    for (int i = 0; i < 15; i++) {
      namespace.read(0, 1, block()).exceptionally(failure -> null);
    }
    await().until(() -> fake.held() == 15);
    IoHandle handle = new IoHandle();
    CompletionStage<Completion> waits =
        namespace.read(0, 1, block(), new IoOptions().set(AHEAD).handle(handle));
    assertThat(handle.hasten(Intent.critical())).isTrue();
    settle(namespace);
    fake.holdReads = false;
    fake.endHeld(Status.INTERNAL_ERROR);
    get(waits);
    assertThat(IntentCodec.latencyClass(fake.said.get(15).cdw3())).isEqualTo(7);
    assertThat(fake.said.get(15).cdw3() & IntentCodec.EXPIRE).isZero();
    assertThat(fake.hastened).isEmpty();
    assertThat(handle.hasten(Intent.critical())).as("it has ended").isFalse();
  }

  @Test
  void thePiecesOfACutReadAreHastened() throws IOException {
    FakeIntent fake = FakeIntent.on(rig.controller, 0);
    RemoteNamespace namespace = namespace(true);
    fake.holdReads = true;
    IoHandle handle = new IoHandle();
    int blocks = namespace.transferBlocksMax() * 3;
    ByteBuffer data = ByteBuffer.allocateDirect(blocks * FakeDisk.BLOCK);
    CompletionStage<Completion> read =
        namespace.read(0, blocks, data, new IoOptions().set(AHEAD).handle(handle));
    await().until(() -> fake.held() == 3);
    handle.hasten(Intent.critical());
    await().until(() -> fake.hastened.size() == 3);
    assertThat(new HashSet<>(fake.hastened)).hasSize(3);
    fake.endHeld(Status.INTERNAL_ERROR);
    assertThat(Rig.failure(read)).isNotNull();
  }

  @Test
  void whatHasNotLeftIsNeverLoweredAndIsToldOnce() throws IOException {
    FakeIntent fake = FakeIntent.on(rig.controller, 0);
    RemoteNamespace namespace = namespace(true);
    fake.holdReads = true;
    for (int i = 0; i < 15; i++) {
      namespace.read(0, 1, block()).exceptionally(failure -> null);
    }
    await().until(() -> fake.held() == 15);
    IoHandle urgent = new IoHandle();
    IoHandle plain = new IoHandle();
    IoOptions critical = IoOptions.of(Intent.critical());
    CompletionStage<Completion> first =
        namespace.read(0, 1, block(), new IoOptions().set(critical).handle(urgent));
    CompletionStage<Completion> second =
        namespace.read(0, 1, block(), new IoOptions().handle(plain));
    assertThat(urgent.hasten(Intent.interactive())).isTrue();
    assertThat(plain.hasten(Intent.bulk())).isTrue();
    settle(namespace);
    fake.holdReads = false;
    fake.endHeld(Status.INTERNAL_ERROR);
    get(first);
    get(second);
    assertThat(IntentCodec.latencyClass(fake.said.get(15).cdw3())).isEqualTo(7);
    assertThat(IntentCodec.latencyClass(fake.said.get(16).cdw3())).isZero();
    fake.holdReads = true;
    IoHandle handle = new IoHandle();
    CompletionStage<Completion> ahead =
        namespace.read(0, 1, block(), new IoOptions().set(AHEAD).handle(handle));
    await().until(() -> fake.held() == 1);
    handle.hasten(Intent.critical());
    await().until(() -> fake.hastened.size() == 1);
    handle.hasten(Intent.critical());
    handle.hasten(Intent.interactive());
    settle(namespace);
    assertThat(fake.hastened).as("it is as urgent already").hasSize(1);
    fake.endHeld(Status.INTERNAL_ERROR);
    assertThat(Rig.failure(ahead)).isNotNull();
  }

  @Test
  void whatIsSentAgainIsStillInAHurry() throws IOException {
    FakeIntent fake = FakeIntent.on(rig.controller, 0);
    RemoteNamespace namespace = namespace(true);
    fake.holdReads = true;
    IoHandle handle = new IoHandle();
    CompletionStage<Completion> read =
        namespace.read(0, 1, block(), new IoOptions().set(AHEAD).handle(handle));
    await().until(() -> fake.held() == 1);
    handle.hasten(Intent.critical().refusable());
    await().until(() -> fake.hastened.size() == 1);
    fake.holdReads = false;
    rig.controller.cutAll();
    get(read);
    FakeIntent.Said last = fake.said.get(fake.said.size() - 1);
    assertThat(IntentCodec.latencyClass(last.cdw3())).isEqualTo(7);
    assertThat(last.cdw3() & IntentCodec.EXPIRE).isZero();
  }

  @Test
  void aCutReadThatIsMoreUrgentKeepsItsIntent() throws IOException {
    FakeIntent fake = FakeIntent.on(rig.controller, 0);
    RemoteNamespace namespace = namespace(true);
    fake.holdReads = true;
    int blocks = namespace.transferBlocksMax() * 12;
    ByteBuffer data = ByteBuffer.allocateDirect(blocks * FakeDisk.BLOCK);
    IoHandle handle = new IoHandle();
    IoOptions low = IoOptions.of(Intent.lowLatency());
    CompletionStage<Completion> read =
        namespace.read(0, blocks, data, new IoOptions().set(low).handle(handle));
    await().until(() -> fake.held() == 8);
    handle.hasten(Intent.interactive());
    settle(namespace);
    fake.holdReads = false;
    fake.endHeld(0);
    read.exceptionally(failure -> null).toCompletableFuture().join();
    assertThat(fake.said).allMatch(said -> IntentCodec.latencyClass(said.cdw3()) == 6);
    assertThat(fake.hastened).isEmpty();
  }

  @Test
  void nothingIsSaidDownwardsOrToWhoDoesNotKnowIt() throws IOException {
    FakeIntent fake = FakeIntent.on(rig.controller, 0, 0);
    List<CompletionStage<Completion>> reads = new ArrayList<>();
    fake.holdReads = true;
    for (boolean told : new boolean[] {true, false}) {
      RemoteNamespace namespace = namespace(told);
      IoHandle handle = new IoHandle();
      int held = fake.held();
      reads.add(namespace.read(0, 1, block(), new IoOptions().set(AHEAD).handle(handle)));
      await().until(() -> fake.held() == held + 1);
      assertThat(handle.hasten(Intent.critical())).isTrue();
      settle(namespace);
    }
    rig.controller.clearScripts();
    FakeIntent knows = FakeIntent.on(rig.controller, 0);
    knows.holdReads = true;
    RemoteNamespace namespace = namespace(true);
    IoHandle handle = new IoHandle();
    IoOptions critical = IoOptions.of(Intent.critical());
    reads.add(namespace.read(0, 1, block(), new IoOptions().set(critical).handle(handle)));
    await().until(() -> knows.held() == 1);
    handle.hasten(Intent.interactive());
    settle(namespace);
    assertThat(fake.hastened).isEmpty();
    assertThat(knows.hastened).isEmpty();
    fake.endHeld(Status.INTERNAL_ERROR);
    knows.endHeld(Status.INTERNAL_ERROR);
    reads.forEach(read -> assertThat(Rig.failure(read)).isNotNull());
  }
}
