package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.RandomMix;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * A target, hosts that misbehave in several threads, and beside them hosts that write, read back
 * and verify on connections of their own, and lose nothing.
 */
final class FuzzRun implements AutoCloseable {
  private static final Nqn HEALTHY = new Nqn("nqn.2026-01.io.mora:healthy");
  private static final int BLOCK = 4096;
  private static final int BLOCKS = Setup.SIZE_BYTES / BLOCK;
  private static final int THREADS = 4;

  /** Connections that are not quite gone yet, of 64 the target allows. */
  private static final int CONNECTIONS_MAX = 40;

  private final MoraTarget target;
  private final InetSocketAddress address;
  private final InitiatorFixture neighbour = InitiatorFixture.start();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong succeeded = new AtomicLong();
  private final RandomMix mix;
  private final CompletableFuture<RandomMix> healthy;

  FuzzRun(Setup setup, long seed) throws IOException {
    target = MoraTarget.start(spec(setup));
    address = target.listeners().get(0).address();
    Association association =
        neighbour.connect(
            ConnectOptions.to(new TransportAddress("127.0.0.1", address.getPort()), HEALTHY)
                .queues(2)
                .dataDigest(true)
                .build());
    mix = new RandomMix(association.namespace(1), 0, BLOCKS, seed).upTo(8);
    healthy = CompletableFuture.supplyAsync(() -> mix.run(4, stop::get));
  }

  private static TargetSpec spec(Setup setup) {
    TargetSpec spec = setup.spec();
    NamespaceSpec namespace =
        NamespaceSpec.of(HEALTHY, 1, BLOCK, new BackendSpec.Memory(Setup.SIZE_BYTES));
    LimitsSpec limits = spec.limits();
    LimitsSpec.PerAddress anyPace = new LimitsSpec.PerAddress(LimitsSpec.AUTO, 0);
    return spec.withSubsystems(
            Stream.concat(
                    spec.subsystems().stream(),
                    Stream.of(SubsystemSpec.openToAll(HEALTHY, List.of(namespace))))
                .toList())
        .withLimits(limits.withArrivals(limits.connections(), 0, anyPace));
  }

  /** Conversations of seeds that follow from this one, until so many PDUs were sent. */
  long conversations(long seed, long pdus) {
    AtomicLong sent = new AtomicLong();
    SplittableRandom seeds = new SplittableRandom(seed);
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SplittableRandom own = seeds.split();
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                try (RawSession session = RawSession.open(address, Setup.NQN.value())) {
                  while (sent.get() < pdus && !healthy.isDone()) {
                    sent.addAndGet(conversation(session, own.nextLong()));
                  }
                }
              },
              task -> new Thread(task, "fuzz").start()));
    }
    threads.forEach(CompletableFuture::join);
    return sent.get();
  }

  /** One conversation by itself. */
  void conversation(long seed) {
    try (RawSession session = RawSession.open(address, Setup.NQN.value())) {
      conversation(session, seed);
    }
  }

  private int conversation(RawSession session, long seed) {
    awaitRoom();
    Conversation conversation = new Conversation(address, session, seed);
    int sent = conversation.hold();
    held.incrementAndGet();
    succeeded.addAndGet(conversation.succeeded());
    return sent;
  }

  /** Somebody else's words, sent at once and a byte at a time. */
  void input(Corpus.Input input) {
    try (RawSession session = RawSession.open(address, Setup.NQN.value())) {
      new Replay(address, session, input).run();
    }
  }

  InetSocketAddress address() {
    return address;
  }

  /** Waits until there are few enough connections that one more is taken. */
  void awaitRoom() {
    while (target.connections() >= CONNECTIONS_MAX && !healthy.isDone()) {
      Thread.onSpinWait();
    }
  }

  /** Conversations held. */
  long held() {
    return held.get();
  }

  /** Commands that ended well in them. */
  long succeeded() {
    return succeeded.get();
  }

  /** Commands the healthy host has run so far. */
  long beside() {
    return mix.commands();
  }

  /** The target still serves, has let go of all, and the neighbour lost nothing. */
  void assertUnharmed() {
    // One is turned away as long as the target has not seen that enough of the others have ended.
    Waiting.until("a new host is served", this::isServed);
    stop.set(true);
    RandomMix done = Waiting.get(healthy);
    assertThat(done.commands()).as("commands of the healthy host").isPositive();
    done.verify();
    assertThat(done.failures()).as("commands of the healthy host that failed").isZero();
    neighbour.close();
    Waiting.until("no connection left", () -> target.connections() == 0);
    Waiting.until("nothing on loan", () -> target.lentBytes() == 0);
  }

  private boolean isServed() {
    try (RawSession session = RawSession.open(address, Setup.NQN.value())) {
      return session.status() == 1;
    } catch (AssertionError | UncheckedIOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    stop.set(true);
    neighbour.close();
    target.close();
  }
}
