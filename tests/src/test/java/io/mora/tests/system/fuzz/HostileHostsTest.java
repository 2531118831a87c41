package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.mora.initiator.Association;
import io.mora.initiator.AssociationListener;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.intent.Intent;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.hostile.HostileCrowd;
import io.mora.tests.kit.hostile.Victim;
import io.mora.tests.kit.load.RandomMix;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.system.conformance.Setup;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of abuse at once, for {@code -Dmora.hostile.seconds} on each transport, beside a host
 * that writes, reads back and verifies with critical intent: it is disturbed in nothing, and
 * nothing is left of the others.
 */
@Covers("bound.hostile")
class HostileHostsTest {
  private static final long SECONDS = Long.getLong("mora.hostile.seconds", 4);
  private static final long WARM_UP_MS = 2_000;
  private static final Nqn CRITICAL = new Nqn("nqn.2026-01.io.mora:critical");
  private static final Nqn KEYED = new Nqn("nqn.2026-01.io.mora:keyed");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** More than what is kept for reuse. */
  private static final long GROWTH_MAX_BYTES = 64L << 20;

  /** Of each kind {@code HostLog} lets through so many in so many seconds; a class has few. */
  private static final int LINES_OF_A_KIND = 51;

  private static final int WINDOW_SECONDS = 10;
  private static final int KINDS_OF_LINES = 4;

  private static TargetSpec spec(Setup setup) {
    TargetSpec spec = setup.spec();
    LimitsSpec limits = spec.limits();
    List<NamespaceSpec> namespaces =
        List.of(
            NamespaceSpec.of(Setup.NQN, 1, Victim.BLOCK, new BackendSpec.Memory(Setup.SIZE_BYTES)),
            NamespaceSpec.of(
                Setup.NQN, Victim.NSID, Victim.BLOCK, new BackendSpec.Memory(Setup.SIZE_BYTES)));
    DhchapSecret secret = DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM);
    TlsPsk psk = TlsPsk.generate(TlsHash.SHA256, RANDOM);
    return spec.withSubsystems(List.of(SubsystemSpec.openToAll(Setup.NQN, namespaces)))
        .withListeners(
            List.of(
                ListenerSpec.of("127.0.0.1", 0),
                ListenerSpec.of("127.0.0.2", 0).withTls(TlsPolicy.REQUIRED)))
        .withHosts(
            List.of(
                new HostSpec(CRITICAL, GrantSpec.everything()),
                new HostSpec(KEYED).with(DhchapSpec.of(secret)).with(TlsSpec.of(psk))))
        .withLatencyIntent(new IntentSpec(true))
        .withLimits(
            new LimitsSpec(
                    128,
                    limits.ioQueuesPerController(),
                    limits.queueDepth(),
                    Duration.ofSeconds(1),
                    limits.shutdownTimeout(),
                    limits.transfer())
                // As fast as they come: LimitsTest tries the pace, and this what is behind it.
                .withArrivals(128, 0, new LimitsSpec.PerAddress(LimitsSpec.AUTO, 0)));
  }

  /** A host that is served throughout, and what it saw of its association. */
  private static final class Critical implements AssociationListener, AutoCloseable {
    private final Initiator initiator =
        Initiator.create(InitiatorOptions.builder().hostNqn(CRITICAL).build());
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger disturbed = new AtomicInteger();
    private final RandomMix mix;
    private final CompletableFuture<RandomMix> done;

    Critical(MoraTarget target, long seed) {
      int port = target.listeners().get(0).address().getPort();
      Association association =
          Waiting.get(
              initiator.connect(
                  ConnectOptions.to(new TransportAddress("127.0.0.1", port), Setup.NQN)
                      .queues(2)
                      .latencyIntent(true)
                      .build()));
      association.addListener(this);
      int blocks = Setup.SIZE_BYTES / Victim.BLOCK;
      mix =
          new RandomMix(association.namespace(1).with(Intent.critical()), 0, blocks, seed).upTo(8);
      done = CompletableFuture.supplyAsync(() -> mix.run(4, stop::get), CriticalThread::run);
    }

    @Override
    public void stateChanged(Association association, AssociationState state) {
      disturbed.incrementAndGet();
    }

    void assertUndisturbed() {
      stop.set(true);
      Waiting.get(done).verify();
      assertThat(mix.commands()).as("commands").isPositive();
      assertThat(mix.failures()).as("commands that failed").isZero();
      assertThat(disturbed).as("changes of its association's state").hasValue(0);
    }

    @Override
    public void close() {
      stop.set(true);
      initiator.close();
    }
  }

  private static final class CriticalThread {
    static void run(Runnable body) {
      new Thread(body, "critical").start();
    }
  }

  @ParameterizedTest
  @MethodSource("io.mora.tests.system.conformance.Setup#all")
  void everyAbuseAtOnceDisturbsNobody(Setup setup) throws IOException, InterruptedException {
    long seed = Long.getLong("mora.fuzz.seed", System.nanoTime());
    System.out.println("hostile " + setup + ": -Dmora.fuzz.seed=" + seed);
    long began = System.nanoTime();
    try (LogWatch log = new LogWatch("io.mora.target", Level.INFO);
        MoraTarget target = MoraTarget.start(spec(setup));
        Critical critical = new Critical(target, seed)) {
      int own = target.connections();
      crowd(target, seed, WARM_UP_MS);
      long before = afterwards(target, own);
      HostileCrowd crowd = crowd(target, ~seed, TimeUnit.SECONDS.toMillis(SECONDS));
      long growth = afterwards(target, own) - before;
      System.out.printf(
          "hostile %s: %d visits beside %d commands, %d KiB more memory, lines logged %s%n%s",
          setup, crowd.visits(), critical.mix.commands(), growth >> 10, log.lines(), crowd);
      assertThat(growth).as("growth in bytes, seed %s", seed).isLessThan(GROWTH_MAX_BYTES);
      critical.assertUndisturbed();
      assertThat(log.errors()).isEmpty();
      long windows = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) / WINDOW_SECONDS + 2;
      assertThat(log.lines())
          .allSatisfy(
              (by, lines) ->
                  assertThat(lines)
                      .as("lines of %s", by)
                      .isLessThan(windows * KINDS_OF_LINES * LINES_OF_A_KIND));
    }
  }

  private static HostileCrowd crowd(MoraTarget target, long seed, long ms)
      throws InterruptedException {
    Victim victim =
        new Victim(
            target.listeners().get(0).address(),
            target.listeners().get(1).address(),
            Setup.NQN.value(),
            KEYED.value());
    try (HostileCrowd crowd = new HostileCrowd(victim, 1, 1, seed)) {
      Thread.sleep(ms);
      Waiting.until("a visit of each kind has come to its end", crowd::achievedAll);
      return crowd;
    }
  }

  /** Of the heap after a collection, and beside it, when all who came have gone. */
  private static long afterwards(MoraTarget target, int own) {
    Waiting.until("their connections are gone", () -> target.connections() == own);
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
  }
}
