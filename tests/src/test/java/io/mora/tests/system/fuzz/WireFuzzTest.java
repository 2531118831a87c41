package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of connections that say almost the right thing. The target survives, answers in form,
 * forgets them wholly, and a well-behaved host beside them loses nothing.
 *
 * <p>{@code -Dmora.fuzz.pdus=N} sets how many PDUs are sent to each transport, {@code
 * -Dmora.fuzz.seed=N} repeats a run.
 */
class WireFuzzTest {
  private static final long PDUS = Long.getLong("mora.fuzz.pdus", 7_000);
  private static final Nqn HEALTHY = new Nqn("nqn.2026-01.io.mora:healthy");

  static Stream<Setup> setups() {
    return Setup.all();
  }

  private static TargetSpec spec(Setup setup) {
    TargetSpec spec = setup.spec();
    NamespaceSpec namespace =
        NamespaceSpec.of(HEALTHY, 1, 4096, new BackendSpec.Memory(Setup.SIZE_BYTES));
    return spec.withSubsystems(
        Stream.concat(
                spec.subsystems().stream(),
                Stream.of(SubsystemSpec.openToAll(HEALTHY, List.of(namespace))))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("setups")
  void survivesHostileHosts(Setup setup) throws IOException {
    long seed = Long.getLong("mora.fuzz.seed", System.nanoTime());
    System.out.println("fuzz " + setup + ": -Dmora.fuzz.seed=" + seed);
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    try (LogWatch target = new LogWatch("io.mora.target");
        LogWatch leaks = new LogWatch("io.netty.util.ResourceLeakDetector")) {
      fuzz(spec(setup), seed, PDUS);
      System.gc();
      // Leaks are told when something is allocated after a collection.
      fuzz(spec(setup), seed + 1, 50);
      assertThat(target.errors()).as("errors the target logged, seed %s", seed).isEmpty();
      assertThat(leaks.errors()).as("leaks, seed %s", seed).isEmpty();
    } finally {
      ResourceLeakDetector.setLevel(level);
    }
  }

  private static void fuzz(TargetSpec spec, long seed, long pdus) throws IOException {
    Random random = new Random(seed);
    try (MoraTarget target = MoraTarget.start(spec)) {
      InetSocketAddress address = target.listeners().get(0).address();
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Long> healthy =
          CompletableFuture.supplyAsync(() -> readAndWrite(address, stop));
      try (RawSession session = RawSession.open(address, Setup.NQN.value())) {
        long sent = 0;
        while (sent < pdus && !healthy.isDone()) {
          sent += connection(session, address, random, target);
        }
      } finally {
        stop.set(true);
      }
      assertThat(healthy.join()).as("exchanges of the healthy host").isPositive();
      await()
          .atMost(Duration.ofSeconds(20))
          .pollDelay(Duration.ZERO)
          .untilAsserted(
              () -> {
                assertThat(target.connections()).as("connections, seed %s", seed).isZero();
                assertThat(target.lentBytes()).as("bytes on loan, seed %s", seed).isZero();
              });
    }
  }

  /** One connection from TCP to its end; returns the PDUs sent. */
  private static long connection(
      RawSession session, InetSocketAddress address, Random random, MoraTarget target) {
    Mutator mutator = new Mutator(random);
    int dgst = random.nextInt(4);
    int stage = random.nextInt(8);
    while (target.connections() > 32) {
      Thread.onSpinWait();
    }
    try (RawHost host = RawHost.connect(address)) {
      if (stage > 0) {
        host.initialise(dgst, random.nextInt(32));
      }
      boolean admin = stage == 2 || stage == 3;
      if (stage > 1) {
        connect(host, session, admin, 1 + random.nextInt(4));
      }
      if (stage == 3) {
        host.run(Capsules.propertySet(99, RawSession.CC, RawSession.ENABLE));
      }
      int pdus = 1 + random.nextInt(12);
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      for (int i = 0; i < pdus; i++) {
        Frame frame = stage == 0 ? Capsules.icReq(dgst, random.nextInt(40)) : mutator.legal(admin);
        boolean digests = stage > 0;
        stream.writeBytes(
            mutator.spoil(frame, digests && host.headerDigest(), digests && host.dataDigest()));
      }
      send(host, stream.toByteArray(), random);
      if (random.nextInt(4) > 0) {
        end(host);
      }
      return pdus;
    }
  }

  private static void connect(RawHost host, RawSession session, boolean admin, int qid) {
    String nqn = Setup.NQN.value();
    Frame connect =
        admin ? Capsules.connect(0, 0xFFFF, nqn) : Capsules.connect(qid, session.cntlid(), nqn);
    Outcome outcome = host.run(connect);
    while (outcome.code() == 0x00C || outcome.code() == 0x181) {
      // The queue of a connection before this one is not quite gone.
      outcome = host.run(connect);
    }
    assertThat(outcome.code()).as("Connect: %s", outcome).isZero();
  }

  /** In pieces of any length. */
  private static void send(RawHost host, byte[] bytes, Random random) {
    try {
      for (int at = 0; at < bytes.length; ) {
        int n = random.nextBoolean() ? bytes.length : 1 + random.nextInt(200);
        host.sendBytes(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + n)));
        at += n;
      }
    } catch (UncheckedIOException e) {
      // The target has hung up on what it had read.
    }
  }

  /** Says no more and takes replies to the end: it must come, and every reply be in form. */
  private static void end(RawHost host) {
    try {
      host.socket().shutdownOutput();
    } catch (IOException e) {
      return;
    }
    Received last = host.receiveOrEnd();
    while (last != null && last.type() != Received.TERM_REQ) {
      last = host.receiveOrEnd();
    }
  }

  private static long readAndWrite(InetSocketAddress address, AtomicBoolean stop) {
    long exchanges = 0;
    try (RawSession session = RawSession.open(address, HEALTHY.value())) {
      RawHost host = session.queue(1);
      Random random = new Random(1);
      do {
        byte[] data = new byte[4096 * (1 + random.nextInt(8))];
        random.nextBytes(data);
        int cid = host.cid();
        int blocks = data.length / 4096;
        Frame write =
            Capsules.blocks(Capsules.transfer(0x01, cid, 1, data.length), exchanges % 1024, blocks);
        check(host.write(write, data));
        Frame read =
            Capsules.blocks(Capsules.transfer(0x02, cid, 1, data.length), exchanges % 1024, blocks);
        Outcome outcome = host.run(read);
        check(outcome);
        assertThat(outcome.data()).isEqualTo(data);
        exchanges++;
      } while (!stop.get());
    }
    return exchanges;
  }

  private static void check(Outcome outcome) {
    assertThat(outcome.code()).as("healthy host: %s", outcome).isZero();
  }
}
