package io.mora.tests.system.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.load.RandomMix;
import io.mora.tests.kit.spec.Covers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon is killed with {@code kill -9} under a writing load, ten times. */
@Tag("durability")
@Covers("durable")
class KillTest {
  private static final int DEPTH = 32;
  private static final int BLOCKS = 4096;

  @RegisterExtension final Evidence evidence = new Evidence();

  /**
   * Nobody reconnects: what failed may have happened or not, what was acknowledged must be there,
   * with FUA and a Flush among it or not, since a process that dies takes no page cache with it.
   */
  @ParameterizedTest(name = "{0}-byte blocks, {1} times")
  @CsvSource({"512, 4", "4096, 10"})
  void whatWasAcknowledgedIsThere(int blockBytes, int kills) throws Exception {
    DaemonFixture daemon = daemon(blockBytes);
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    ConnectOptions options =
        InitiatorFixture.persistent(daemon.address()).queues(2).controllerLossTimeoutMs(0).build();
    Association association = host.connect(options);
    RandomMix mix =
        new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed()).allowFailures();
    for (int i = 0; i < kills; i++) {
      CompletableFuture<Void> killed = killLater(daemon, 150 + 30 * i);
      int failed = mix.failures();
      mix.run(DEPTH, () -> mix.failures() > failed);
      killed.get(60, TimeUnit.SECONDS);
      daemon.startAgain();
      RemoteNamespace back = host.connect(options).namespace(1);
      mix.moveTo(back);
      mix.verify();
    }
    System.out.println(
        "durability: "
            + kills
            + " kills, "
            + mix.commands()
            + " commands, "
            + mix.failures()
            + " of them failed, none acknowledged lost");
    assertThat(mix.failures()).isPositive();
  }

  /** The host reconnects by itself: nothing fails at all. */
  @Test
  void aHostThatReconnectsNoticesNothing() throws Exception {
    DaemonFixture daemon = daemon(4096);
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    Association association =
        host.connect(InitiatorFixture.persistent(daemon.address()).queues(2).build());
    RandomMix mix = new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed());
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> back = killLater(daemon, 200).thenRun(daemon::startAgain);
      mix.run(DEPTH, back::isDone);
      back.get(60, TimeUnit.SECONDS);
    }
    mix.run(DEPTH, 200).verify();
    assertThat(mix.failures()).isZero();
  }

  private static CompletableFuture<Void> killLater(DaemonFixture daemon, long ms) {
    return CompletableFuture.runAsync(
        daemon::kill, CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS));
  }

  private DaemonFixture daemon(int blockBytes) {
    Scratch data = evidence.closing(new Scratch());
    Served served =
        Served.on(2).withFile(data.file("blocks"), (long) BLOCKS * blockBytes, blockBytes);
    DaemonFixture daemon = evidence.closing(DaemonFixture.start(evidence.folder(), served));
    evidence.offer("daemon.txt", daemon::logText);
    return daemon;
  }
}
