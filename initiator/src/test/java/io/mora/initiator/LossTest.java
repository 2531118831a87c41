package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.initiator.fake.FakeAdmin;
import io.mora.initiator.fake.Script;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.RawCommand;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Connect;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timeouts, lost connections, what is sent again and what fails, and when it is over. */
class LossTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  /** Keeps I/O commands unanswered. */
  private static final Script SILENT = (wire, command) -> wire.qid > 0 && command.opcode() != 0x7F;

  @Test
  void commandsUnderWayAreSentAgainAfterAReconnect() throws IOException {
    Association association = rig.connect(rig.options().queueDepth(16).build());
    RemoteNamespace namespace = association.namespace(1);
    rig.controller.script(SILENT);
    List<CompletionStage<Completion>> writes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      writes.add(namespace.onQueue(i % 2).write(i, 1, Rig.random(1, i)));
    }
    ByteBuffer large = Rig.random(1000, 99);
    writes.add(namespace.write(100, 1000, large));
    awaitCommands(20);
    rig.controller.clearScripts();
    rig.controller.cutAll();
    int again = 0;
    for (CompletionStage<Completion> write : writes) {
      again += Rig.get(write).retries();
    }
    assertThat(again).isGreaterThanOrEqualTo(20);
    for (int i = 0; i < 60; i++) {
      assertThat(rig.controller.disk.copy(i, 1)).isEqualTo(Rig.bytes(Rig.random(1, i)));
    }
    assertThat(rig.controller.disk.copy(100, 1000)).isEqualTo(Rig.bytes(large));
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
    assertThat(association.outstanding()).isZero();
  }

  @Test
  void oneLostIoQueueMakesAllAnew() throws IOException {
    Association association = rig.connect();
    rig.controller.wire(2).cut();
    await().atMost(Rig.PATIENCE_S, TimeUnit.SECONDS).until(() -> rig.controller.connections() >= 6);
    Rig.get(association.namespace(1).onQueue(0).flush());
    Rig.get(association.namespace(1).onQueue(1).flush());
  }

  @Test
  void attemptsGoOnUntilTheControllerIsBack() throws IOException {
    Association association = rig.connect();
    rig.controller.down();
    CompletionStage<Completion> flush = association.namespace(1).flush();
    await()
        .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> association.state() == AssociationState.RECONNECTING);
    ConnectionException refused =
        Rig.failure(
            association.admin(new RawCommand(AdminOpcode.KEEP_ALIVE, 0)),
            ConnectionException.class);
    assertThat(refused).hasMessageContaining("RECONNECTING");
    rig.controller.up();
    Rig.get(flush);
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
  }

  @Test
  void anAttemptWhoseEveryStepIsSlowIsAbandonedAndMadeAnew() throws IOException {
    rig.controller.admin.capabilities = FakeAdmin.CAP & ~(0xFFL << 24); // ready within 500 ms
    Association association =
        rig.connect(rig.options().connectTimeoutMs(400).adminTimeoutMs(700).build());
    AtomicInteger lives = new AtomicInteger();
    association.addListener(
        new AssociationListener() {
          @Override
          public void stateChanged(Association which, AssociationState state) {
            lives.addAndGet(state == AssociationState.LIVE ? 1 : 0);
          }
        });
    AtomicInteger connects = new AtomicInteger();
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() == AdminOpcode.FABRICS && command.data().isReadable()) {
            connects.incrementAndGet();
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
          return false;
        });
    rig.controller.cutAll();
    CompletionStage<Completion> flush = association.namespace(1).flush();
    await().atMost(Rig.PATIENCE_S, TimeUnit.SECONDS).until(() -> connects.get() >= 3);
    assertThat(lives).hasValue(0);
    rig.controller.clearScripts();
    Rig.get(flush);
    assertThat(lives).hasValue(1);
  }

  @Test
  void givenUpAfterControllerLossTimeout() throws IOException {
    Association association = rig.connect(rig.options().controllerLossTimeoutMs(100).build());
    rig.controller.down();
    ConnectionException failure =
        Rig.failure(association.namespace(1).flush(), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.GIVEN_UP);
    assertThat(failure.retryable()).isFalse();
    await()
        .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> association.state() == AssociationState.CLOSED);
    assertThat(rig.initiator.associations()).isEmpty();
  }

  @Test
  void commandsFailFastBeforeTheControllerIsGivenUp() throws IOException {
    Association association = rig.connect(rig.options().fastIoFailTimeoutMs(50).build());
    RemoteNamespace namespace = association.namespace(1);
    rig.controller.down();
    ConnectionException failure = Rig.failure(namespace.flush(), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.LOST);
    assertThat(failure).hasMessageContaining("no connection for 50 ms");
    Rig.failure(namespace.flush(), ConnectionException.class);
    assertThat(association.state()).isEqualTo(AssociationState.RECONNECTING);
    rig.controller.up();
    await()
        .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> association.state() == AssociationState.LIVE);
    Rig.get(namespace.flush());
  }

  @Test
  void aConnectRefusedForGoodEndsTheAttempts() throws IOException {
    Association association = rig.connect();
    rig.controller.script(
        (wire, command) -> {
          boolean connect = command.opcode() == 0x7F && command.data().isReadable();
          if (connect) {
            wire.respond(command.cid(), Status.CONNECT_INVALID_HOST | Status.DNR, 0);
          }
          return connect;
        });
    rig.controller.cutAll();
    ConnectionException failure =
        Rig.failure(association.namespace(1).flush(), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.GIVEN_UP);
  }

  @Test
  void aProofThatThisHostHasNotEndsTheAttempts() throws IOException {
    Association association = rig.connect();
    rig.controller.script(
        (wire, command) -> {
          boolean connect = command.opcode() == 0x7F && command.data().isReadable();
          if (connect) {
            wire.respond(command.cid(), 0, Connect.ATR | 1);
          }
          return connect;
        });
    rig.controller.cutAll();
    ConnectionException failure =
        Rig.failure(association.namespace(1).flush(), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.GIVEN_UP);
    assertThat(failure).hasMessageContaining("there is no secret of this host");
  }

  @Test
  void aCommandThatIsLateFailsAndTheOthersGoOn() {
    Association association = rig.connect(rig.options().ioTimeoutMs(150).build());
    RemoteNamespace namespace = association.namespace(1).onQueue(0);
    AtomicInteger swallowed = new AtomicInteger();
    CountDownLatch swallowedOne = new CountDownLatch(1);
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() == NvmOpcode.COMPARE && swallowed.getAndIncrement() == 0) {
            swallowedOne.countDown();
            return true;
          }
          return false;
        });
    CompletionStage<Completion> late = namespace.compare(0, 1, ByteBuffer.allocate(512));
    ConnectionException failure = Rig.failure(late, ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure).hasMessageContaining("no answer in time").hasMessageContaining("opcode 5h");
    Rig.get(namespace.compare(0, 1, ByteBuffer.allocate(512)));
    assertThat(rig.controller.connections()).isEqualTo(6);
    assertThat(swallowedOne.getCount()).isZero();
  }

  @Test
  void aControllerThatForgetsKeepAliveIsLeft() {
    Association association = rig.connect(rig.options().keepAliveTimeoutMs(100).build());
    await()
        .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> rig.controller.admin.keepAlives.get() >= 2);
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
    assertThat(rig.controller.connections()).isEqualTo(3);
    rig.controller.admin.answerKeepAlive = false;
    await().atMost(Rig.PATIENCE_S, TimeUnit.SECONDS).until(() -> rig.controller.connections() > 3);
  }

  @Test
  void aFullQueueRefusesAndAcceptsAgain() {
    Association association =
        rig.connect(rig.options().queueDepth(16).waitingMax(8).ioTimeoutMs(60_000).build());
    RemoteNamespace namespace = association.namespace(1).onQueue(0);
    rig.controller.script(SILENT);
    // 15 places and 8 that wait; the places fill as the loop comes by.
    List<CompletionStage<Completion>> accepted = new ArrayList<>();
    Throwable refusal = null;
    while (refusal == null) {
      CompletionStage<Completion> flush = namespace.flush();
      if (flush.toCompletableFuture().isCompletedExceptionally()) {
        refusal = accepted.size() == 23 ? Rig.failure(flush) : null;
        Thread.onSpinWait();
      } else {
        accepted.add(flush);
      }
    }
    assertThat(refusal)
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("queue 1: 8 commands wait already");
    assertThat(accepted).hasSize(23);
    assertThat(namespace.flush((context, status, result) -> {}, 0)).isFalse();
    assertThat(association.outstanding()).isEqualTo(23);
  }

  @Test
  void closingEndsEveryCommandOnce() {
    Association association =
        rig.connect(rig.options().queueDepth(16).waitingMax(256).drainTimeoutMs(0).build());
    RemoteNamespace namespace = association.namespace(1);
    rig.controller.script(SILENT);
    AtomicInteger told = new AtomicInteger();
    int accepted = 0;
    for (int i = 0; i < 200; i++) {
      ByteBuffer block = ByteBuffer.allocate(512);
      if (namespace
          .onQueue(i % 2)
          .read(i, 1, block, IoOptions.PLAIN, (c, s, r) -> told.incrementAndGet(), i)) {
        accepted++;
      }
    }
    CompletionStage<Completion> large = namespace.write(0, 2000, Rig.random(2000, 1));
    awaitCommands(10);
    association.close();
    assertThat(told.get()).isEqualTo(accepted).isEqualTo(200);
    ConnectionException failure = Rig.failure(large, ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
    assertThat(association.state()).isEqualTo(AssociationState.CLOSED);
  }

  @Test
  void closingLetsCommandsUnderWayFinish() throws Exception {
    Association association = rig.connect(rig.options().drainTimeoutMs(10_000).build());
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() == NvmOpcode.FLUSH && wire.qid > 0) {
            asked.countDown();
            waitFor(answer);
          }
          return false;
        });
    CompletionStage<Completion> flush = association.namespace(1).flush();
    asked.await();
    CompletionStage<Void> closed = association.disconnect();
    Rig.failure(association.namespace(1).onQueue(0).flush(), ConnectionException.class);
    answer.countDown();
    Rig.get(flush);
    Rig.get(closed);
  }

  private static void waitFor(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aNamespaceThatIsAnotherOneIsNotWrittenTo() throws IOException {
    Association association = rig.connect();
    RemoteNamespace namespace = association.namespace(1);
    rig.controller.script(SILENT);
    CompletionStage<Completion> write = namespace.write(0, 1, Rig.random(1, 1));
    awaitCommands(1);
    rig.controller.clearScripts();
    rig.controller.admin.namespaceUuid = new UUID(3, 4);
    rig.controller.cutAll();
    ConnectionException failure = Rig.failure(write, ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.INCOMPATIBLE);
    assertThat(rig.controller.disk.copy(0, 1)).containsOnly(0);
    Rig.failure(namespace.flush(), ConnectionException.class);
    Rig.get(association.namespace(1).flush());
  }

  private void awaitCommands(int count) {
    await()
        .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
        .until(
            () ->
                rig.controller.seen().stream()
                        .filter(pdu -> pdu.type() == 4 && pdu.header().getByte(8) != 0x7F)
                        .filter(pdu -> pdu.header().getIntLE(12) == 1)
                        .filter(pdu -> pdu.header().getByte(8) <= 5)
                        .count()
                    >= count);
  }
}
