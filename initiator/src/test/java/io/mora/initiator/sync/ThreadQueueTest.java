package io.mora.initiator.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationState;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.Rig;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.CommandException;
import io.mora.protocol.net.TransportKind;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A thread's own queue: what it carries, who may use it, how many there are. */
class ThreadQueueTest {
  private static final long SPIN = ThreadQueue.SPIN_NS_MAX;

  @ParameterizedTest
  @CsvSource({
    "NIO,0",
    "NIO,10000000000",
    "EPOLL,0",
    "EPOLL,10000000000",
    "IO_URING,0",
    "IO_URING,10000000000"
  })
  void dataGoesAndComesOnEveryTransport(TransportKind transport, long spinNs) throws IOException {
    assumeTrue(transport.available(), () -> "no " + transport);
    try (Rig rig = new Rig(transport)) {
      Association association = rig.connect(rig.options().threadQueues(1).build());
      try (ThreadQueue mine = association.openThreadQueue(spinNs)) {
        assertThat(mine.qid()).isEqualTo(3);
        assertThat(rig.controller.wire(3)).isNotNull();
        SyncNamespace namespace = mine.on(association.namespace(1));
        for (int blocks : new int[] {1, 8, 300, 5000}) {
          ByteBuffer written = Rig.random(blocks, blocks);
          assertThat(namespace.write(7, blocks, written).status()).isZero();
          assertThat(rig.controller.disk.copy(7, blocks)).isEqualTo(Rig.bytes(written));
          ByteBuffer read = ByteBuffer.allocateDirect(blocks * FakeDisk.BLOCK);
          IoResult io = namespace.read(7, blocks, read);
          assertThat(io.outcome()).isEqualTo(IoOutcome.DONE);
          assertThat(Rig.bytes(read)).isEqualTo(Rig.bytes(written));
          assertThat(io.completedNs() - io.submittedNs()).isPositive();
        }
        assertThat(namespace.flush().status()).isZero();
        assertThat(mine.outstanding()).isZero();
      }
      Rig.get(association.namespace(1).flush());
      assertThat(rig.controller.failures()).isEmpty();
    }
  }

  @Test
  void manyUnderWayEndWhileTheirThreadDrives() throws IOException {
    try (Rig rig = new Rig()) {
      Association association =
          rig.connect(rig.options().threadQueues(1).queueDepth(16).waitingMax(64).build());
      try (ThreadQueue mine = association.openThreadQueue(SPIN)) {
        SyncNamespace namespace = mine.on(association.namespace(1));
        namespace.write(0, 64, Rig.random(64, 5));
        int before = rig.controller.seen().size();
        AtomicInteger told = new AtomicInteger();
        ByteBuffer all = ByteBuffer.allocateDirect(64 * FakeDisk.BLOCK);
        for (int i = 0; i < 40; i++) {
          ByteBuffer block = all.slice(i * FakeDisk.BLOCK, FakeDisk.BLOCK);
          assertThat(
                  namespace
                      .submitting()
                      .read(
                          i,
                          1,
                          block,
                          IoOptions.PLAIN,
                          (c, status, io) -> {
                            assertThat(Thread.currentThread()).isSameAs(mine.owner());
                            told.addAndGet(status == 0 ? 1 : 1000);
                          },
                          i))
              .isTrue();
        }
        CompletionStage<Completion> stage =
            namespace.submitting().compare(0, 8, Rig.random(64, 5).limit(8 * FakeDisk.BLOCK));
        assertThat(mine.outstanding()).isEqualTo(41);
        assertThat(rig.controller.seen()).as("nothing leaves before it drives").hasSize(before);
        int left = mine.poll();
        assertThat(left).isBetween(0, 41);
        // A call among others waits for its own end only, and ends others on its way.
        ByteBuffer one = ByteBuffer.allocateDirect(FakeDisk.BLOCK);
        assertThat(namespace.read(3, 1, one).status()).isZero();
        mine.awaitAll();
        assertThat(mine.outstanding()).isZero();
        assertThat(told).hasValue(40);
        assertThat(stage.toCompletableFuture()).isCompleted();
        byte[] expected = rig.controller.disk.copy(0, 40);
        assertThat(Rig.bytes(all.limit(40 * FakeDisk.BLOCK))).isEqualTo(expected);
      }
    }
  }

  @Test
  void aCallWaitsForAPlaceBehindThoseThatWait() throws IOException {
    try (Rig rig = new Rig()) {
      Association association =
          rig.connect(rig.options().threadQueues(1).queueDepth(16).waitingMax(2).build());
      try (ThreadQueue mine = association.openThreadQueue(SPIN)) {
        SyncNamespace namespace = mine.on(association.namespace(1));
        AtomicInteger told = new AtomicInteger();
        while (namespace.submitting().flush((c, status, io) -> told.incrementAndGet(), 0)) {
          assertThat(mine.outstanding()).isLessThanOrEqualTo(2);
        }
        assertThat(namespace.flush().status()).isZero();
        mine.awaitAll();
        assertThat(told).hasValue(2);
      }
    }
  }

  @Test
  void errorsComeThroughAsResults() throws IOException {
    try (Rig rig = new Rig()) {
      Association association = rig.connect(rig.options().threadQueues(1).build());
      try (ThreadQueue mine = association.openThreadQueue(SPIN)) {
        SyncNamespace namespace = mine.on(association.namespace(1));
        rig.controller.script(
            (wire, command) -> {
              if (wire.qid == 3 && command.opcode() == 2) {
                wire.respond(command.cid(), Status.UNRECOVERED_READ_ERROR | Status.DNR, 0);
                return true;
              }
              return false;
            });
        ByteBuffer page = ByteBuffer.allocateDirect(8 * FakeDisk.BLOCK);
        IoResult failed = namespace.read(0, 8, page);
        assertThat(failed.outcome()).isEqualTo(IoOutcome.FAILED);
        assertThat(failed.exception()).isInstanceOf(CommandException.class);
        assertThat(Status.code(failed.status())).isEqualTo(Status.UNRECOVERED_READ_ERROR);
        rig.controller.clearScripts();
        assertThat(namespace.read(0, 8, page).status()).isZero();
        assertThatThrownBy(() -> namespace.read(-1, 8, page))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> namespace.read(0, 9, page))
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(namespace.read(0, 8, page).status()).as("a mistake costs nothing").isZero();
      }
    }
  }

  @Test
  void otherThreadsAreToldWhoseItIs() throws Exception {
    try (Rig rig = new Rig()) {
      Association association = rig.connect(rig.options().threadQueues(1).build());
      try (ThreadQueue mine = association.openThreadQueue(SPIN)) {
        SyncNamespace namespace = mine.on(association.namespace(1));
        ByteBuffer page = ByteBuffer.allocateDirect(FakeDisk.BLOCK);
        List<Runnable> calls =
            List.of(
                () -> namespace.read(0, 1, page),
                () -> namespace.submitting().read(0, 1, page),
                mine::poll,
                mine::awaitAll);
        List<Throwable> refused = new ArrayList<>();
        Thread other =
            new Thread(
                () -> {
                  for (Runnable call : calls) {
                    try {
                      call.run();
                    } catch (IllegalStateException e) {
                      refused.add(e);
                    }
                  }
                },
                "stranger");
        other.start();
        other.join();
        assertThat(refused)
            .hasSize(calls.size())
            .allSatisfy(
                e ->
                    assertThat(e)
                        .hasMessage(
                            "queue 3 of thread \"%s\": thread \"stranger\" must open one of its own",
                            Thread.currentThread().getName()));
        assertThat(namespace.read(0, 1, page).status()).isZero();
      }
    }
  }

  @Test
  void aCallbackMaySubmitButNotWait() throws IOException {
    try (Rig rig = new Rig()) {
      Association association = rig.connect(rig.options().threadQueues(1).build());
      try (ThreadQueue mine = association.openThreadQueue(SPIN)) {
        SyncNamespace namespace = mine.on(association.namespace(1));
        List<Throwable> thrown = new ArrayList<>();
        AtomicInteger told = new AtomicInteger();
        namespace
            .submitting()
            .flush(
                (c, status, io) -> {
                  try {
                    namespace.flush();
                  } catch (IllegalStateException e) {
                    thrown.add(e);
                  }
                  namespace.submitting().flush((c2, s2, io2) -> told.incrementAndGet(), 0);
                },
                0);
        mine.awaitAll();
        assertThat(thrown)
            .singleElement()
            .satisfies(e -> assertThat(e).hasMessageContaining("callback"));
        assertThat(told).hasValue(1);
      }
    }
  }

  @Test
  void eachThreadHasItsOwn() throws Exception {
    int threads = 4;
    try (Rig rig = new Rig()) {
      rig.controller.admin.grantedQueues = 2 + threads;
      Association association = rig.connect(rig.options().threadQueues(threads).build());
      CyclicBarrier allOpen = new CyclicBarrier(threads);
      AtomicInteger right = new AtomicInteger();
      List<Thread> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        long at = t * 100L;
        Thread thread =
            new Thread(
                () -> {
                  try (ThreadQueue mine = association.openThreadQueue(0)) {
                    allOpen.await(Rig.PATIENCE_S, TimeUnit.SECONDS);
                    SyncNamespace namespace = mine.on(association.namespace(1));
                    ByteBuffer read = ByteBuffer.allocateDirect(8 * FakeDisk.BLOCK);
                    for (int i = 0; i < 50; i++) {
                      ByteBuffer written = Rig.random(8, at + i);
                      namespace.write(at + i, 8, written);
                      boolean good = namespace.read(at + i, 8, read).status() == 0;
                      right.addAndGet(good && read.equals(written) ? 1 : 0);
                    }
                    allOpen.await(Rig.PATIENCE_S, TimeUnit.SECONDS);
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                });
        thread.start();
        all.add(thread);
      }
      for (Thread thread : all) {
        thread.join();
      }
      assertThat(right).hasValue(threads * 50);
      assertThat(rig.controller.wires().stream().map(wire -> wire.qid).sorted().distinct())
          .as("their connections are closed")
          .startsWith(0, 1, 2);
    }
  }

  @Test
  void thereAreAsManyAsAskedForAndTheyCanBeHadAgain() throws IOException {
    try (Rig rig = new Rig()) {
      Association none = rig.connect();
      assertThatThrownBy(() -> none.openThreadQueue(0))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("threadQueues 0");
      Association association = rig.connect(rig.options().threadQueues(2).build());
      ThreadQueue first = association.openThreadQueue(0);
      try (ThreadQueue second = association.openThreadQueue(0)) {
        assertThat(second.qid()).isEqualTo(4);
        assertThatThrownBy(() -> association.openThreadQueue(0))
            .isInstanceOf(RejectedExecutionException.class)
            .hasMessageContaining("2 granted of threadQueues 2");
        first.close();
        first.close();
        assertThat(first.poll()).isZero();
        for (int i = 0; i < 20; i++) {
          try (ThreadQueue again = association.openThreadQueue(0)) {
            assertThat(again.qid()).isEqualTo(3);
            assertThat(again.on(association.namespace(1)).flush().status()).isZero();
          }
        }
        assertThat(second.on(association.namespace(1)).flush().status()).isZero();
      }
      assertThat(association.state()).isEqualTo(AssociationState.LIVE);
      await()
          .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
          .until(() -> rig.controller.wires().stream().noneMatch(wire -> wire.qid > 2));
    }
  }

  @Test
  void aRefusedConnectIsThrownAndTheOthersStay() throws IOException {
    try (Rig rig = new Rig()) {
      Association association = rig.connect(rig.options().threadQueues(1).build());
      rig.controller.script(
          (wire, command) -> {
            boolean connect = wire.qid == 3 && command.opcode() == 0x7F;
            if (connect) {
              wire.respond(command.cid(), Status.CONNECT_INVALID_HOST | Status.DNR, 0);
            }
            return connect;
          });
      assertThatThrownBy(() -> association.openThreadQueue(0)).isInstanceOf(CommandException.class);
      rig.controller.clearScripts();
      try (ThreadQueue mine = association.openThreadQueue(0)) {
        assertThat(mine.on(association.namespace(1)).flush().status()).isZero();
      }
      assertThat(association.state()).isEqualTo(AssociationState.LIVE);
      assertThat(rig.controller.connections()).isEqualTo(5);
    }
  }

  @Test
  void aNamespaceOfAnotherAssociationIsRefused() throws IOException {
    try (Rig rig = new Rig()) {
      Association association = rig.connect(rig.options().threadQueues(1).build());
      RemoteNamespace other = rig.connect().namespace(1);
      try (ThreadQueue mine = association.openThreadQueue(0)) {
        assertThatThrownBy(() -> mine.on(other)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void anInterruptIsKeptForLater() throws IOException {
    TransportKind transport =
        TransportKind.EPOLL.available() ? TransportKind.EPOLL : TransportKind.NIO;
    try (Rig rig = new Rig(transport)) {
      Association association = rig.connect(rig.options().threadQueues(1).build());
      try (ThreadQueue mine = association.openThreadQueue(0)) {
        Thread.currentThread().interrupt();
        assertThat(mine.on(association.namespace(1)).flush().status()).isZero();
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }
}
