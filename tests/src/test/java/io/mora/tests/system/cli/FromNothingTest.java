package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a configuration with a port and nothing behind it to a disk that is written and read, by
 * nothing but commands.
 */
class FromNothingTest {
  private static final String NQN = "nqn.2026-11.io.mora:made";
  private static final String HOST = "nqn.2026-11.io.mora:host";

  @TempDir Path folder;

  private static TargetSpec empty() {
    TargetSpec served = Served.on(1).withMemory(8L << 20, 4096).listening(0);
    return served.withSubsystems(List.of());
  }

  @Test
  void commandsMakeADiskAndTakeItAway() throws IOException {
    Path socket = folder.resolve("a.sock");
    MoraRun.At mora = new MoraRun.At(socket);
    try (DaemonFixture daemon =
        new DaemonFixture(folder, AdminSpec.of(socket.toString()), empty())) {
      assertThat(mora.good("subsystem list").out()).contains("No subsystems", "add NQN");
      mora.good("subsystem add " + NQN);
      mora.good("host add " + HOST + " --allow " + NQN);
      mora.good("namespace add --kind memory --size 8MiB --class interactive");

      String where = " -a 127.0.0.1 -s " + daemon.port() + " -n " + NQN;
      byte[] data = new byte[64 << 10];
      new Random(20261122).nextBytes(data);
      Path in = Files.write(folder.resolve("in"), data);
      Path out = folder.resolve("out");
      assertThat(MoraRun.of("write -q " + HOST + where, "-f", in.toString()).exitCode()).isZero();
      MoraRun.of("read --length 64KiB -q " + HOST + where, "-f", out.toString());
      assertThat(Files.readAllBytes(out)).isEqualTo(data);
      assertThat(MoraRun.of("id-ctrl -q nqn.2026-11.io.mora:other" + where).exitCode())
          .isEqualTo(77);

      mora.good("listener add 127.0.0.2:0 --class bulk", "--ana", "2 non-optimized");
      assertThat(mora.good("listener list").out())
          .contains("127.0.0.2:0", "bulk", "2 non-optimized");
      mora.good("namespace set 1 --ana-group 2 --host " + HOST);
      assertThat(mora.good("namespace show 1 -o json").json().path("anaGroup").asInt())
          .isEqualTo(2);
      mora.good("namespace set 1 --ana-group 1 --host default");
      mora.good("listener remove 127.0.0.2:0 --yes");
      mora.good("namespace resize 1 16MiB");
      assertThat(mora.refused(64, "namespace resize 1 4MiB")).contains("is lost", "--yes");
      mora.good("namespace set 1 --class default");
      mora.good("namespace remove 1 --yes");
      mora.good("subsystem remove --yes " + NQN);
      assertThat(mora.good("events --kind change").out()).contains(NQN);
    }
  }
}
