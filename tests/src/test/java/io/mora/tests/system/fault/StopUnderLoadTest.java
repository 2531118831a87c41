package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.LeakWatch;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.load.Crowd;
import io.mora.tests.kit.spec.Covers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The target is stopped in the middle of 64 connections with 32 commands each: every command ends
 * at the host, and the target leaves nothing behind. {@code -Dmora.soak.seconds=60} makes it long.
 */
@Tag("fault")
@Tag("soak")
@Covers("bound.stop")
class StopUnderLoadTest {
  private static final int SOAK_SECONDS = Integer.getInteger("mora.soak.seconds", 4);
  private static final int ASSOCIATIONS = 4;
  private static final int QUEUES = 16;
  private static final int DEPTH = 32;
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 512;
  private static final long SIZE = (long) ASSOCIATIONS * QUEUES * BLOCKS * BLOCK;

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void stoppedInThisProcess() throws Exception {
    LeakWatch leaks = evidence.closing(new LeakWatch());
    TargetFixture target =
        evidence.closing(TargetFixture.start(Served.on(2).withMemory(SIZE, BLOCK)));
    evidence.offer("target.txt", target::state);
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    Crowd crowd = crowd(host, target.address(), 0).allowFailures();
    assertThat(crowd.connections()).isEqualTo(64);

    crowd.start();
    TimeUnit.SECONDS.sleep(Math.max(1, SOAK_SECONDS / 2));
    int before = crowd.commands();
    target.close();
    crowd.stop();

    assertThat(before).isPositive();
    assertThat(crowd.commands()).isGreaterThan(before);
    assertThat(target.target().lentBytes()).isZero();
    host.close();
    assertThat(leaks.leaks()).isEmpty();
    report("close", crowd);
  }

  @Test
  void theDaemonOnSigtermAndStartedAgain() throws Exception {
    Scratch data = evidence.closing(new Scratch());
    Served served =
        Served.on(2)
            .with(
                new BackendSpec.File(
                    data.file("blocks").toString(), SIZE, false, BackendSpec.DirectIo.AUTO, false),
                BLOCK);
    DaemonFixture daemon = evidence.closing(DaemonFixture.start(evidence.folder(), served));
    evidence.offer("daemon.txt", daemon::logText);
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    Crowd crowd = crowd(host, daemon.address(), 60_000);

    crowd.start();
    TimeUnit.SECONDS.sleep(Math.max(1, SOAK_SECONDS / 2));
    daemon.terminate();
    int status = daemon.exitStatus();
    int stopped = crowd.commands();
    daemon.startAgain();
    TimeUnit.SECONDS.sleep(Math.max(1, SOAK_SECONDS / 2));
    crowd.stop();

    assertThat(status).isEqualTo(128 + 15);
    assertThat(daemon.logText()).contains("Stopped").doesNotContain("ERROR").doesNotContain("LEAK");
    assertThat(crowd.commands()).isGreaterThan(stopped);
    assertThat(crowd.failures()).isZero();
    crowd.verify();
    report("SIGTERM", crowd);
  }

  private Crowd crowd(InitiatorFixture host, TransportAddress address, long lossMs) {
    ConnectOptions options =
        InitiatorFixture.persistent(address)
            .queues(QUEUES)
            .keepAliveTimeoutMs(60_000)
            .controllerLossTimeoutMs(lossMs)
            .build();
    List<Association> associations = new ArrayList<>();
    for (int i = 0; i < ASSOCIATIONS; i++) {
      associations.add(host.connect(options));
    }
    return evidence.closing(new Crowd(associations, DEPTH, BLOCKS, evidence.seed()));
  }

  private static void report(String what, Crowd crowd) {
    System.out.println(
        "soak: "
            + what
            + " in the middle of "
            + crowd.connections()
            + " connections x "
            + DEPTH
            + ": "
            + crowd.commands()
            + " commands ended, "
            + crowd.failures()
            + " of them failed, none lost");
  }
}
