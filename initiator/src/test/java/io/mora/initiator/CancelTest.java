package io.mora.initiator;

import static io.mora.initiator.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.FakeIntent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.step.Prefetch;
import io.mora.initiator.step.Step;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An I/O that is no longer wanted: aborted at the controller, ended exactly once. */
class CancelTest {
  private final Rig rig = new Rig();
  private final FakeIntent fake = FakeIntent.on(rig.controller, 0);

  @AfterEach
  void stop() throws IOException {
    rig.close();
  }

  private RemoteNamespace namespace() {
    return rig.connect(rig.options().queues(1).queueDepth(16).latencyIntent(true).build())
        .namespace(1);
  }

  private static ByteBuffer block() {
    return ByteBuffer.allocateDirect(FakeDisk.BLOCK);
  }

  private static IoOutcome outcome(CompletionStage<Completion> stage) {
    return IoOutcome.of(Rig.failure(stage));
  }

  @Test
  void aSentCommandIsAborted() {
    RemoteNamespace namespace = namespace();
    fake.holdReads = true;
    IoHandle handle = new IoHandle();
    CompletionStage<Completion> read =
        namespace.read(0, 1, block(), new IoOptions().handle(handle));
    await().until(() -> fake.held() == 1);
    assertThat(handle.cancel()).isTrue();
    assertThat(outcome(read)).isEqualTo(IoOutcome.CANCELLED);
    assertThat(handle.isUnderWay()).isFalse();
    assertThat(handle.cancel()).isFalse();
    // The answer to the Abort itself comes after the end of what it aborted.
    await().until(() -> namespace.association().signals().aborts().aborted() == 1);
  }

  @Test
  void aHandleIsForItsPresentIoOnly() {
    RemoteNamespace namespace = namespace();
    IoHandle handle = new IoHandle();
    IoOptions options = new IoOptions().handle(handle);
    get(namespace.read(0, 1, block(), options));
    assertThat(handle.cancel()).isFalse();
    fake.holdReads = true;
    CompletionStage<Completion> read = namespace.read(0, 1, block(), options);
    await().until(() -> fake.held() == 1);
    assertThat(handle.cancel()).isTrue();
    assertThat(outcome(read)).isEqualTo(IoOutcome.CANCELLED);
    assertThat(fake.aborts).hasSize(1);
  }

  @Test
  void oneThatWaitsIsNeverSent() throws IOException {
    RemoteNamespace namespace = namespace();
    fake.holdReads = true;
    List<CompletionStage<Completion>> ahead = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      ahead.add(namespace.read(0, 1, block()));
    }
    await().until(() -> fake.held() == 15);
    IoHandle handle = new IoHandle();
    CompletionStage<Completion> waits =
        namespace.read(0, 1, block(), new IoOptions().handle(handle));
    handle.cancel();
    // The loop has seen the cancel when it has answered this.
    get(namespace.association().rescan());
    fake.endHeld(Status.INTERNAL_ERROR);
    assertThat(outcome(waits)).isEqualTo(IoOutcome.CANCELLED);
    ahead.forEach(each -> assertThat(outcome(each)).isEqualTo(IoOutcome.FAILED));
    assertThat(fake.aborts).isEmpty();
    assertThat(fake.held()).isZero();
  }

  @Test
  void abortsAreSentAsTheControllerTakesThem() throws IOException {
    RemoteNamespace namespace = namespace();
    fake.holdReads = true;
    fake.answerAborts = false;
    List<CompletionStage<Completion>> reads = new ArrayList<>();
    List<IoHandle> handles = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      IoHandle handle = new IoHandle();
      handles.add(handle);
      reads.add(namespace.read(0, 1, block(), new IoOptions().handle(handle)));
    }
    await().until(() -> fake.held() == 10);
    handles.forEach(IoHandle::cancel);
    await().until(() -> fake.aborts.size() == 4); // ACL is 3, which is 0's based
    get(namespace.association().rescan());
    assertThat(fake.aborts).hasSize(4);
    fake.answerAborts();
    await().until(() -> fake.aborts.size() == 10);
    assertThat(new HashSet<>(fake.aborts)).hasSize(10);
    fake.endHeld(Status.INTERNAL_ERROR);
    reads.forEach(read -> assertThat(Rig.failure(read)).isNotNull());
  }

  /** A late Abort must not hit the next command of the same identifier. */
  @Test
  void anIdentifierRestsUntilItsAbortIsAnswered() throws IOException {
    RemoteNamespace namespace = namespace();
    fake.holdReads = true;
    fake.answerAborts = false;
    IoHandle handle = new IoHandle();
    AtomicInteger ends = new AtomicInteger();
    namespace.read(
        0,
        1,
        block(),
        new IoOptions().handle(handle),
        (c, status, io) -> ends.getAndIncrement(),
        0);
    await().until(() -> fake.held() == 1);
    handle.cancel();
    await().until(() -> fake.aborts.size() == 1);
    int cid = fake.aborts.get(0) >>> 16;
    fake.endHeld(Status.INTERNAL_ERROR); // ended by itself, before the Abort was looked at
    await().until(() -> ends.get() == 1);
    fake.holdReads = false;
    HashSet<Integer> used = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      CompletableFuture<Integer> one = new CompletableFuture<>();
      namespace.read(0, 1, block(), IoOptions.PLAIN, (c, s, io) -> one.complete(io.cid()), 0);
      used.add(get(one));
    }
    assertThat(used).hasSize(14).doesNotContain(cid);
    fake.answerAborts();
    await()
        .until(
            () -> {
              CompletableFuture<Integer> one = new CompletableFuture<>();
              namespace.read(
                  0, 1, block(), IoOptions.PLAIN, (c, s, io) -> one.complete(io.cid()), 0);
              return get(one) == cid;
            });
    assertThat(ends).hasValue(1);
  }

  @Test
  void aCutIoIsStoppedAndItsPiecesAborted() {
    RemoteNamespace namespace = namespace();
    fake.holdReads = true;
    IoHandle handle = new IoHandle();
    int blocks = namespace.transferBlocksMax() * 12;
    ByteBuffer data = ByteBuffer.allocateDirect(blocks * FakeDisk.BLOCK);
    CompletionStage<Completion> read =
        namespace.read(0, blocks, data, new IoOptions().handle(handle));
    await().until(() -> fake.held() == 8); // its window
    handle.cancel();
    assertThat(outcome(read)).isEqualTo(IoOutcome.CANCELLED);
    assertThat(fake.aborts).hasSize(8);
  }

  @Test
  void whatIsHeldForAReconnectEndsAtOnce() throws IOException {
    RemoteNamespace namespace = namespace();
    fake.holdReads = true;
    IoHandle handle = new IoHandle();
    CompletionStage<Completion> read =
        namespace.read(0, 1, block(), new IoOptions().handle(handle));
    await().until(() -> fake.held() == 1);
    rig.controller.down();
    await().until(() -> namespace.association().state() == AssociationState.RECONNECTING);
    handle.cancel();
    assertThat(outcome(read)).isEqualTo(IoOutcome.CANCELLED);
    rig.controller.up();
  }

  @Test
  void aStepsEndCancelsWhatNobodyConsumed() {
    RemoteNamespace namespace = namespace();
    Prefetch used;
    Prefetch unused;
    Step step = namespace.step(17, Duration.ofMillis(5));
    used = step.prefetch(0, 1, block(), 80);
    get(used.stage()); // Else consuming it would make it a demand read.
    get(used.consume());
    get(step.read(2, 1, block()));
    FakeIntent.Said demand = fake.said.get(1);
    assertThat(IntentCodec.latencyClass(demand.cdw3())).isEqualTo(7);
    assertThat(demand.cdw3() & IntentCodec.STEP).isNotZero();
    assertThat(IntentCodec.flow(demand.cdw2())).isEqualTo(17);
    assertThat(IntentCodec.budgetUs(demand.cdw2())).isBetween(1L, 5000L);
    fake.holdReads = true;
    unused = step.prefetch(1, 1, block(), 40);
    await().until(() -> fake.held() == 1);
    FakeIntent.Said ahead = fake.said.get(2);
    assertThat(IntentCodec.latencyClass(ahead.cdw3())).isEqualTo(3);
    assertThat(IntentCodec.confidence(ahead.cdw3())).isEqualTo(6);
    assertThat(ahead.cdw3() & IntentCodec.EXPIRE).isNotZero();
    step.close();
    get(step.settled());
    assertThat(step.cancelled()).isEqualTo(1);
    assertThat(outcome(unused.stage())).isEqualTo(IoOutcome.CANCELLED);
    assertThat(used.isConsumed()).isTrue();
    assertThat(namespace.association().signals().classes().get(3).consumedGap().samples())
        .isEqualTo(1);
    assertThatThrownBy(() -> step.prefetch(0, 1, block(), 1))
        .isInstanceOf(IllegalStateException.class);
  }
}
