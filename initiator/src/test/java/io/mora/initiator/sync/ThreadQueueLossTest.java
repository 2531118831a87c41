package io.mora.initiator.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.Rig;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.NvmeException;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread's own queue when connections go, time runs out, or somebody else closes. */
class ThreadQueueLossTest {
  private static final long SPIN = ThreadQueue.SPIN_NS_MAX;

  private final Rig rig = new Rig();
  private final ByteBuffer block = ByteBuffer.allocateDirect(FakeDisk.BLOCK);

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private Association connect(ConnectOptions.Builder options) {
    return rig.connect(options.threadQueues(1).build());
  }

  private static ConditionFactory patiently() {
    return await().pollInSameThread().atMost(Rig.PATIENCE_S, TimeUnit.SECONDS);
  }

  private static void untilState(Association association, AssociationState state) {
    patiently().until(() -> association.state() == state);
  }

  private static ConnectionException failure(IoResult io) {
    assertThat(io.outcome()).isEqualTo(IoOutcome.FAILED);
    NvmeException failure = io.exception();
    assertThat(failure).isInstanceOf(ConnectionException.class);
    return (ConnectionException) failure;
  }

  @Test
  void theAssociationReconnectsWhileNobodyDrives() throws IOException {
    Association association = connect(rig.options().keepAliveTimeoutMs(100));
    try (ThreadQueue mine = association.openThreadQueue(SPIN)) {
      SyncNamespace namespace = mine.on(association.namespace(1));
      assertThat(namespace.write(5, 1, Rig.random(1, 5)).status()).isZero();
      int connections = rig.controller.connections();
      rig.controller.cutAll();
      patiently().until(() -> rig.controller.connections() == connections + 3);
      untilState(association, AssociationState.LIVE);
      int beats = rig.controller.admin.keepAlives.get();
      patiently().until(() -> rig.controller.admin.keepAlives.get() > beats + 1);
      IoResult read = namespace.read(5, 1, block);
      assertThat(read.status()).isZero();
      assertThat(Rig.bytes(block)).isEqualTo(Rig.bytes(Rig.random(1, 5)));
      assertThat(rig.controller.connections()).isEqualTo(connections + 4);
      assertThat(association.state()).isEqualTo(AssociationState.LIVE);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, SPIN})
  void onlyItsOwnConnectionIsCutWhileNobodyDrives(long spinNs) throws IOException {
    Association association = connect(rig.options());
    try (ThreadQueue mine = association.openThreadQueue(spinNs)) {
      SyncNamespace namespace = mine.on(association.namespace(1));
      for (int i = 0; i < 3; i++) {
        rig.controller.wire(3).cut();
        patiently().until(() -> rig.controller.wires().stream().noneMatch(wire -> wire.qid == 3));
        assertThat(association.state()).isEqualTo(AssociationState.LIVE);
        assertThat(namespace.read(5, 1, block).status()).as("sent again").isZero();
        assertThat(rig.controller.connections()).isEqualTo(4 + 4 * (i + 1));
      }
    }
  }

  @Test
  void whatWasSubmittedSurvivesAReconnect() throws IOException {
    Association association = connect(rig.options());
    try (ThreadQueue mine = association.openThreadQueue(0)) {
      RemoteNamespace submitting = mine.on(association.namespace(1)).submitting();
      AtomicInteger swallowed = new AtomicInteger();
      rig.controller.script((wire, command) -> wire.qid == 3 && swallowed.getAndIncrement() < 4);
      CompletionStage<Completion> first = submitting.write(0, 1, Rig.random(1, 0));
      for (int i = 1; i < 8; i++) {
        submitting.write(i, 1, Rig.random(1, i));
      }
      patiently()
          .until(
              () -> {
                mine.poll();
                return swallowed.get() >= 4;
              });
      rig.controller.cutAll();
      mine.awaitAll();
      assertThat(Rig.get(first).retries()).isEqualTo(1);
      for (int i = 0; i < 8; i++) {
        assertThat(rig.controller.disk.copy(i, 1)).isEqualTo(Rig.bytes(Rig.random(1, i)));
      }
    }
  }

  @Test
  void aLateAnswerIsATimeoutAndTheQueueGoesOn() {
    Association association = connect(rig.options().ioTimeoutMs(150));
    try (ThreadQueue mine = association.openThreadQueue(SPIN)) {
      SyncNamespace namespace = mine.on(association.namespace(1));
      AtomicInteger swallowed = new AtomicInteger();
      rig.controller.script(
          (wire, command) ->
              command.opcode() == NvmOpcode.READ && swallowed.getAndIncrement() == 0);
      ConnectionException failure = failure(namespace.read(0, 1, block));
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure).hasMessageContaining("no answer in time");
      assertThat(namespace.read(0, 1, block).status()).isZero();
      assertThat(rig.controller.connections()).isEqualTo(8);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, SPIN})
  void aCallWaitsForAConnectionSoLongAndNoLonger(long spinNs) throws IOException {
    Association association = connect(rig.options().ioTimeoutMs(100));
    try (ThreadQueue mine = association.openThreadQueue(spinNs)) {
      SyncNamespace namespace = mine.on(association.namespace(1));
      rig.controller.down();
      untilState(association, AssociationState.RECONNECTING);
      ConnectionException failure = failure(namespace.read(0, 1, block));
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure).hasMessageContaining("no connection for 100 ms");
      assertThat(failure(namespace.flush())).as("at once").isSameAs(failure);
      rig.controller.up();
      untilState(association, AssociationState.LIVE);
      patiently().until(() -> namespace.flush().status() == 0);
    }
  }

  @Test
  void fastFailAndGivingUpReachACallThatWaits() throws IOException {
    Association association =
        connect(rig.options().fastIoFailTimeoutMs(50).controllerLossTimeoutMs(400));
    try (ThreadQueue mine = association.openThreadQueue(0)) {
      SyncNamespace namespace = mine.on(association.namespace(1));
      rig.controller.down();
      ConnectionException failure = failure(namespace.read(0, 1, block));
      assertThat(failure).hasMessageContaining("no connection for 50 ms");
      untilState(association, AssociationState.CLOSED);
      failure = failure(namespace.read(0, 1, block));
      assertThat(failure.reason()).isEqualTo(Reason.GIVEN_UP);
      assertThat(mine.poll()).isZero();
    }
    assertThatThrownBy(() -> association.openThreadQueue(0))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("GIVEN_UP");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, SPIN})
  void closingTheAssociationElsewhereEndsACallThatWaits(long spinNs) throws Exception {
    Association association = connect(rig.options().drainTimeoutMs(50));
    CountDownLatch asked = new CountDownLatch(1);
    rig.controller.script(
        (wire, command) -> {
          boolean mine = wire.qid == 3 && command.opcode() == NvmOpcode.READ;
          if (mine) {
            asked.countDown();
          }
          return mine;
        });
    CompletableFuture<ConnectionException> ended =
        CompletableFuture.supplyAsync(
            () -> {
              try (ThreadQueue mine = association.openThreadQueue(spinNs)) {
                return failure(mine.on(association.namespace(1)).read(0, 1, block));
              }
            });
    asked.await();
    association.close();
    assertThat(Rig.get(ended).reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  void closingTheAssociationWaitsForNobodyWhoIsElsewhere() throws IOException {
    Association association = connect(rig.options().drainTimeoutMs(600_000));
    ThreadQueue mine = association.openThreadQueue(0);
    SyncNamespace namespace = mine.on(association.namespace(1));
    AtomicInteger told = new AtomicInteger();
    namespace.submitting().flush((c, status, io) -> told.set(status), 0);
    association.close();
    assertThat(association.state()).isEqualTo(AssociationState.CLOSED);
    assertThat(told).as("its thread tells it").hasValue(0);
    mine.awaitAll();
    assertThat(told.get()).isNotZero();
    assertThat(failure(namespace.flush()).reason()).isEqualTo(Reason.CLOSED);
    rig.initiator.close();
    assertThat(failure(namespace.flush()).reason()).isEqualTo(Reason.CLOSED);
    mine.close();
    assertThat(failure(namespace.flush()).reason()).isEqualTo(Reason.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, SPIN})
  void closingTheQueueElsewhereEndsACallThatWaits(long spinNs) throws Exception {
    Association association = connect(rig.options());
    CountDownLatch asked = new CountDownLatch(1);
    rig.controller.script(
        (wire, command) -> {
          boolean mine = wire.qid == 3 && command.opcode() == NvmOpcode.READ;
          if (mine) {
            asked.countDown();
          }
          return mine;
        });
    CompletableFuture<ThreadQueue> opened = new CompletableFuture<>();
    CompletableFuture<ConnectionException> ended =
        CompletableFuture.supplyAsync(
            () -> {
              ThreadQueue mine = association.openThreadQueue(spinNs);
              opened.complete(mine);
              return failure(mine.on(association.namespace(1)).read(0, 1, block));
            });
    asked.await();
    opened.join().close();
    assertThat(Rig.get(ended)).hasMessageContaining("was closed");
    rig.controller.clearScripts();
    try (ThreadQueue next = association.openThreadQueue(0)) {
      assertThat(next.qid()).as("its place is free").isEqualTo(3);
      assertThat(next.on(association.namespace(1)).flush().status()).isZero();
    }
  }

  @Test
  void closingEndsWhatIsUnderWayOnce() {
    Association association = connect(rig.options().drainTimeoutMs(30));
    rig.controller.script((wire, command) -> wire.qid == 3 && command.opcode() != 0x7F);
    AtomicInteger told = new AtomicInteger();
    try (ThreadQueue mine = association.openThreadQueue(0)) {
      RemoteNamespace submitting = mine.on(association.namespace(1)).submitting();
      for (int i = 0; i < 100; i++) {
        submitting.read(
            i,
            1,
            ByteBuffer.allocate(FakeDisk.BLOCK),
            IoOptions.PLAIN,
            (c, status, io) -> told.addAndGet(io.failure() == null ? 1000 : 1),
            i);
      }
      mine.poll();
    }
    assertThat(told).hasValue(100);
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
  }

  @Test
  void aCallCanBeCancelledFromElsewhere() throws Exception {
    Association association = connect(rig.options());
    CountDownLatch asked = new CountDownLatch(1);
    rig.controller.script(
        (wire, command) -> {
          boolean mine = wire.qid == 3 && command.opcode() == NvmOpcode.READ;
          if (mine) {
            asked.countDown();
          } else if (wire.qid == 0 && command.opcode() == 8) {
            wire.respond(command.cid(), 0, 0);
            rig.controller
                .wire(3)
                .respond(command.sqe().getUnsignedShortLE(42), Status.ABORT_REQUESTED, 0);
            return true;
          }
          return mine;
        });
    IoHandle handle = new IoHandle();
    CompletableFuture<IoOutcome> ended =
        CompletableFuture.supplyAsync(
            () -> {
              try (ThreadQueue mine = association.openThreadQueue(0)) {
                return mine.on(association.namespace(1))
                    .read(0, 1, block, new IoOptions().handle(handle))
                    .outcome();
              }
            });
    asked.await();
    assertThat(handle.cancel()).isTrue();
    assertThat(Rig.get(ended)).isEqualTo(IoOutcome.CANCELLED);
  }

  @Test
  void aNamespaceThatIsAnotherOneIsNotWrittenTo() throws IOException {
    Association association = connect(rig.options());
    try (ThreadQueue mine = association.openThreadQueue(0)) {
      SyncNamespace namespace = mine.on(association.namespace(1));
      rig.controller.script((wire, command) -> wire.qid == 3 && command.opcode() == 1);
      CompletionStage<Completion> write = namespace.submitting().write(0, 1, Rig.random(1, 1));
      int before = rig.controller.seen().size();
      patiently()
          .until(
              () -> {
                mine.poll();
                return rig.controller.seen().size() > before;
              });
      rig.controller.clearScripts();
      rig.controller.admin.namespaceUuid = new UUID(3, 4);
      rig.controller.cutAll();
      mine.awaitAll();
      ConnectionException failure = Rig.failure(write, ConnectionException.class);
      assertThat(failure.reason()).isEqualTo(Reason.INCOMPATIBLE);
      assertThat(rig.controller.disk.copy(0, 1)).containsOnly(0);
      assertThat(failure(namespace.flush())).hasMessageContaining("is gone");
      assertThat(mine.on(association.namespace(1)).flush().status()).isZero();
    }
  }
}
