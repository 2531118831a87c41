package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.MoraCommand;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every kind of load goes over TLS where that is said, or not at all. */
class TlsBenchTest {
  @RegisterExtension final Evidence evidence = new Evidence();

  @TempDir Path folder;

  private final StringWriter err = new StringWriter();

  private int bench(TargetFixture target, String... more) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), TlsRig.PSK.reveal());
    List<String> words = new ArrayList<>(List.of("bench", "-a", "127.0.0.1", "--yes"));
    words.addAll(List.of("-s", "" + target.address().port(), "-n", Served.SUBSYSTEM.value()));
    words.addAll(List.of("-q", TlsRig.HOST.value(), "--tls-key-file", key.toString()));
    words.addAll(List.of("--duration=200ms", "--warm-up=100ms"));
    words.addAll(List.of(more));
    CommandLine mora =
        MoraCommand.create()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err));
    return mora.execute(words.toArray(new String[0]));
  }

  @Test
  void everyLoadUsesTheKey() throws IOException {
    TlsRig rig = new TlsRig(evidence, TransportKind.NIO);
    TargetFixture target = rig.target(TlsPolicy.REQUIRED, TlsRig.host(TlsRig.HOST, TlsRig.PSK));
    assertThat(bench(target)).as(err.toString()).isZero();
    assertThat(bench(target, "--stream", "critical:read:4k:qd1")).as(err.toString()).isZero();
    assertThat(bench(target, "--workload", "rag")).as(err.toString()).isZero();
    String other = "critical:read:4k:qd1:host=" + TlsRig.NEIGHBOUR;
    assertThat(bench(target, "--stream", other)).isEqualTo(64);
    assertThat(err.toString()).contains("is not its key");
  }
}
