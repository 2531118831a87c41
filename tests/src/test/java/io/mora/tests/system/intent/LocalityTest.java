package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.signals.AssociationSignals;
import io.mora.protocol.net.TransportKind;
import io.mora.qos.locality.CpuTopology;
import io.mora.qos.locality.CurrentCpu;
import io.mora.qos.locality.PinnedThreads;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Wire reference 6.12: a command's completion is read from the socket on the CPU of its consumer.
 * Needs two CPUs and leave to pin threads to them.
 */
@Tag("loopback")
class LocalityTest {
  private static final int BLOCK = 4096;
  private static final int READS = 2000;

  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
  private final TargetFixture target = TargetFixture.start(Served.on(1).withMemory(1 << 20, BLOCK));
  private int here;
  private int there;
  private @Nullable Initiator initiator;
  private @Nullable ExecutorService consumerThread;

  @BeforeEach
  void findCpus() {
    List<CpuTopology.Cpu> cpus = CpuTopology.read().cpus();
    assumeTrue(cpus.size() > 1, "one CPU");
    assumeTrue(CurrentCpu.ofThisThread().read() >= 0, "the current CPU cannot be told");
    here = cpus.get(0).id();
    there = cpus.get(1).id();
    String[] problem = new String[1];
    Thread probe = new Thread(() -> problem[0] = PinnedThreads.pinThisThread(there));
    probe.start();
    Waiting.until("the probe's end", () -> !probe.isAlive());
    assumeTrue(problem[0] == null, "threads cannot be pinned: " + problem[0]);
  }

  @AfterEach
  void stop() {
    if (initiator != null) {
      initiator.close();
    }
    if (consumerThread != null) {
      consumerThread.shutdownNow();
    }
    target.close();
  }

  private Association connect(List<Integer> cpus) {
    initiator = Initiator.create(InitiatorOptions.builder().loops(2).cpus(cpus).build());
    ConnectOptions options = InitiatorFixture.persistent(target.address()).queues(2).build();
    return Waiting.get(initiator.connect(options));
  }

  private IoConsumer consumerOn(int cpu) {
    consumerThread = Executors.newSingleThreadExecutor(PinnedThreads.on(cpu, Thread::new));
    return IoConsumer.on(consumerThread, cpu);
  }

  private void read(RemoteNamespace namespace, int times) {
    for (int i = 0; i < times; i++) {
      Waiting.get(namespace.read(0, 1, block));
    }
  }

  /** The queue whose loop is pinned to a CPU. */
  private static int queueOn(Association association, int cpu) {
    List<AssociationSignals.QueuePlace> queues = association.signals().queues();
    for (int i = 0; i < queues.size(); i++) {
      if (queues.get(i).pinnedCpu() == cpu) {
        return i;
      }
    }
    throw new AssertionError("no queue on CPU " + cpu + ": " + queues);
  }

  /** Runs something on the loop of a queue. */
  private void onLoop(RemoteNamespace queue, Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    boolean accepted =
        queue.read(
            0,
            1,
            ByteBuffer.allocateDirect(BLOCK),
            IoOptions.PLAIN,
            (context, status, io) -> {
              task.run();
              done.complete(null);
            },
            0);
    assertThat(accepted).isTrue();
    Waiting.get(done);
  }

  @Test
  void aPinnedConsumerMissesNothing() {
    Association association = connect(List.of(here, there));
    for (int cpu : List.of(here, there)) {
      RemoteNamespace namespace = association.namespace(1).with(consumerOn(cpu));
      read(namespace, READS);
      Completion last = Waiting.get(namespace.read(0, 1, block));
      assertThat(last.place()).isEqualTo(new Completion.Place(cpu, cpu));
    }
    AssociationSignals signals = association.signals();
    assertThat(signals.classes().get(0).localityHits()).isEqualTo(2 * READS + 2);
    assertThat(signals.localityMissRate()).isLessThan(0.001);
    assertThat(signals.localityRepairs()).isZero();
  }

  @Test
  void forcedOnTheWrongQueueEverythingMisses() {
    Association association = connect(List.of(here, there));
    int wrong = queueOn(association, there);
    RemoteNamespace namespace = association.namespace(1).with(consumerOn(here)).onQueue(wrong);
    read(namespace, READS);
    assertThat(association.signals().localityMissRate()).isGreaterThan(0.999);
  }

  @Test
  void theChoiceFollowsAConsumerThatMoved() {
    Association association = connect(List.of(here, there));
    IoConsumer consumer = consumerOn(here);
    RemoteNamespace namespace = association.namespace(1).with(consumer);
    read(namespace, 100);
    assertThat(association.signals().localityMissRate()).isZero();
    Waiting.get(
        CompletableFuture.runAsync(
            () -> assertThat(PinnedThreads.pinThisThread(there)).isNull(), consumer.executor()));
    read(namespace, IoConsumer.MOVED_AFTER);
    assertThat(consumer.cpu()).isEqualTo(there);
    long misses = association.signals().classes().get(0).localityMisses();
    assertThat(misses).isEqualTo(IoConsumer.MOVED_AFTER);
    read(namespace, READS);
    assertThat(association.signals().classes().get(0).localityMisses()).isEqualTo(misses);
  }

  @Test
  void aQueueThatDriftedIsPutBack() {
    Association association = connect(List.of(here, there));
    RemoteNamespace namespace = association.namespace(1);
    int queue = queueOn(association, here);
    RemoteNamespace on = namespace.onQueue(queue);
    onLoop(on, () -> assertThat(PinnedThreads.pinThisThread(there)).isNull());
    Waiting.until(
        "the queue's return",
        () -> {
          read(on, 1);
          AssociationSignals signals = association.signals();
          return signals.localityRepairs() > 0 && signals.queues().get(queue).drainCpu() == here;
        });
  }

  @Test
  void theChoiceFollowsQueuesThatAreNotPinned() {
    Association association = connect(List.of());
    RemoteNamespace namespace = association.namespace(1);
    for (int round = 0; round < 2; round++) {
      int[] cpus = round == 0 ? new int[] {here, there} : new int[] {there, here};
      for (int queue = 0; queue < 2; queue++) {
        int cpu = cpus[queue];
        onLoop(
            namespace.onQueue(queue), () -> assertThat(PinnedThreads.pinThisThread(cpu)).isNull());
        read(namespace.onQueue(queue), 1);
      }
      for (int cpu : cpus) {
        // Where two queues seem equally near, consumers are shared out: these two differ.
        RemoteNamespace one = namespace.with(IoConsumer.onCpu(cpu));
        RemoteNamespace other = namespace.with(IoConsumer.onCpu(cpu));
        Waiting.until(
            "the choice of the queue on CPU " + cpu,
            () -> completionCpu(one) == cpu && completionCpu(other) == cpu);
      }
    }
    assertThat(association.signals().localityRepairs()).isPositive();
  }

  private int completionCpu(RemoteNamespace namespace) {
    return Waiting.get(namespace.read(0, 1, block)).place().completionCpu();
  }

  @Test
  void theCpuOfTheNetworkIsToldBesideIt() {
    Association association = connect(List.of(here, there));
    assumeTrue(TransportKind.best() != TransportKind.NIO, "NIO knows no such option");
    RemoteNamespace on = association.namespace(1).onQueue(0);
    Waiting.until(
        "a look at the socket",
        () -> {
          read(on, 1);
          return association.signals().queues().get(0).incomingCpu() >= 0;
        });
  }
}
