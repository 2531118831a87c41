package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.LeakWatch;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.load.RandomMix;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A target stops in good order under load and comes back on its port: the host notices nothing. */
@Tag("fault")
class TargetRestartTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 2048;

  @RegisterExtension final Evidence evidence = new Evidence();

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void everyCommandCompletesOnce(TransportKind kind) throws Exception {
    Assumptions.assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    LeakWatch leaks = evidence.closing(new LeakWatch());
    Scratch data = evidence.closing(new Scratch());
    Served served =
        Served.on(2).with(kind).withFile(data.file("blocks"), (long) BLOCKS * BLOCK, BLOCK);
    TargetFixture first = evidence.closing(TargetFixture.start(served));
    int port = first.port();
    InitiatorFixture host = evidence.closing(InitiatorFixture.start(kind, 1));
    Association association = host.connect(first.address());
    RandomMix mix = new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed());
    TargetFixture running = first;
    for (int i = 0; i < 3; i++) {
      TargetFixture old = running;
      CompletableFuture<TargetFixture> restarted =
          CompletableFuture.supplyAsync(
              () -> {
                old.close();
                return TargetFixture.start(served.listening(port));
              },
              CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
      mix.run(32, restarted::isDone);
      running = evidence.closing(restarted.get(60, TimeUnit.SECONDS));
      assertThat(old.target().lentBytes()).isZero();
      mix.run(32, 100);
    }
    mix.verify();
    assertThat(mix.failures()).isZero();
    host.close();
    running.close();
    assertThat(leaks.leaks()).isEmpty();
  }
}
