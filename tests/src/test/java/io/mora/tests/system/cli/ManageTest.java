package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that look at a running daemon and change it, against the daemon as it is shipped. */
@SuppressWarnings("NullAway.Init") // set before all tests
class ManageTest {
  private static final String NQN = Served.SUBSYSTEM.value();
  private static final String HOST = "nqn.2026-11.io.mora:operator";

  @TempDir static Path folder;

  private static DaemonFixture daemon;
  private static MoraRun.At mora;

  @BeforeAll
  static void start() {
    Path socket = folder.resolve("a.sock");
    TargetSpec spec = Served.on(1).withMemory(8L << 20, 4096).listening(0);
    daemon = new DaemonFixture(folder, AdminSpec.of(socket.toString()), spec);
    mora = new MoraRun.At(socket);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static void io() throws IOException {
    Path data = Files.write(folder.resolve("block"), new byte[64 << 10]);
    String where = "-a 127.0.0.1 -s " + daemon.port() + " -n " + NQN + " ";
    assertThat(MoraRun.of("write " + where, "-f", data.toString()).exitCode()).isZero();
  }

  @Test
  void whatIsServedIsListed() {
    assertThat(mora.good("subsystem list").out()).contains("NQN", "NAMESPACES", NQN, "any");
    assertThat(mora.good("subsystem show " + NQN).out()).contains("hosts          any", "8MiB");
    assertThat(mora.good("namespace list").out()).contains("NSID", "memory", "8MiB", "4096");
    assertThat(mora.good("namespace show 1").out()).contains("backend", "kind", "8MiB");
    assertThat(mora.good("listener list").out()).contains("127.0.0.1:", "all");
    assertThat(mora.good("subsystem list -o json").json().at("/subsystems/0/nqn").asText())
        .isEqualTo(NQN);
    assertThat(mora.good("namespace list -o json").json().at("/subsystems/0/namespaces/0/nsid"))
        .hasToString("1");
    assertThat(mora.good("listener list -o json").json().at("/listeners/0/bound").asText())
        .startsWith("127.0.0.1:");
  }

  @Test
  void aHostIsAddedChangedAndRemoved() {
    MoraRun added = mora.good("host add " + HOST + " --max-class critical --iops 5000 --step");
    assertThat(added.out()).contains("host " + HOST + " added (configuration version ");
    assertThat(mora.good("host list").out()).contains(HOST, "critical", "5000", "step");
    assertThat(mora.refused(1, "host add " + HOST)).contains("already", "mora host set " + HOST);

    assertThat(mora.good("host set " + HOST + " --iops 7000 --no-step").out())
        .contains("hosts[" + HOST + "].iops: 5000 -> 7000");
    assertThat(mora.good("host show -o json " + HOST).json().path("iops").asInt()).isEqualTo(7000);
    assertThat(mora.good("host set " + HOST + " --iops 7000").out()).contains("nothing to change");

    String asked = mora.refused(64, "host remove " + HOST);
    assertThat(asked).contains("Host " + HOST + " loses its grants", "pass --yes");
    assertThat(mora.good("host list").out()).contains(HOST);
    MoraRun removed = mora.good("host remove --yes -o json " + HOST);
    assertThat(removed.json().at("/changes/0/kind").asText()).isEqualTo("removed");
    assertThat(mora.good("host list").out()).doesNotContain(HOST);
  }

  @Test
  void aLinuxHostsNameMayBeShort() {
    String uuid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";
    mora.good("host add uuid:" + uuid + " --weight 7");
    assertThat(mora.good("host list").out()).contains("uuid:" + uuid + " ").doesNotContain("2014");
    assertThat(mora.good("config show").out()).contains("nqn.2014-08.org.nvmexpress:uuid:" + uuid);
    mora.good("host remove --yes nqn.2014-08.org.nvmexpress:uuid:" + uuid);
  }

  @Test
  void aHostIsGivenAKeyAndLosesIt() throws IOException {
    String host = HOST + "-with-key";
    mora.good("host add " + host);
    assertThat(mora.good("host show " + host).out()).contains("proves itself  no");
    String secret = MoraRun.of("host key generate").out().strip();
    Path file = Files.writeString(folder.resolve("secret"), secret + "\n");
    MoraRun given = mora.good("host key set " + host + " --from " + file);
    assertThat(given.out()).contains("has a new key").doesNotContain(secret.substring(8));
    assertThat(mora.good("host show " + host).out()).contains("proves itself  with its key");
    assertThat(mora.good("config show").out()).contains("sealed:").doesNotContain("DHHC");
    assertThat(mora.refused(78, "host key set --controller " + host + " --file /nowhere/key"))
        .contains("controllerKeyFile");
    Files.writeString(file, "no secret");
    assertThat(mora.refused(1, "host key set " + host + " --from " + file))
        .contains("not a secret");
    assertThat(mora.refused(64, "host key remove " + host)).contains("is believed");
    mora.good("host key remove --yes " + host);
    assertThat(mora.good("host show " + host).out()).contains("proves itself  no");
    mora.good("host remove --yes " + host);
  }

  @Test
  void aHostIsGivenTlsKeysOneAfterTheOther() throws IOException {
    String host = "nqn.2026-11.io.mora:t";
    mora.good("host add " + host);
    assertThat(mora.good("host show " + host).out()).contains("over TLS       no");
    Path old =
        Files.writeString(folder.resolve("old"), MoraRun.of("host key generate --tls").out());
    Path now =
        Files.writeString(folder.resolve("new"), MoraRun.of("host key generate --tls").out());
    assertThat(mora.run("host key set " + host + " --tls --from " + old).exitCode()).isZero();
    assertThat(mora.refused(78, "host key set " + host + " --tls --previous --from " + old))
        .contains("previousPsk");
    assertThat(mora.run("host key set " + host + " --tls --from " + now).exitCode()).isZero();
    assertThat(mora.run("host key set " + host + " --tls --previous --from " + old).exitCode())
        .isZero();
    assertThat(mora.good("host show " + host).out()).contains("over TLS       with its key");
    assertThat(mora.good("config show").out()).contains("previousPsk").doesNotContain("NVMeTLS");
    mora.good("host key remove --yes --tls --previous " + host);
    assertThat(mora.good("config show").out()).doesNotContain("previousPsk").contains("psk");
    mora.good("host key remove --yes --tls " + host);
    assertThat(mora.good("host show " + host).out()).contains("over TLS       no");
    mora.good("host remove --yes " + host);
  }

  @Test
  void whatIsWrongIsToldByField() {
    assertThat(mora.refused(78, "host add nqn.x:y --weight 0"))
        .contains("nothing was changed")
        .contains("weight = 0", "allowed: 1 to 1000");
    assertThat(mora.refused(78, "host add nqn.x:y --max-class criticl"))
        .contains("maxClass = criticl", "low_latency");
    assertThat(mora.refused(1, "subsystem show nqn.2026-11.io.mora:none")).contains("there is no");
    assertThat(mora.refused(1, "host add nqn.x:y --allow nqn.2026-11.io.mora:none"))
        .contains("there is no subsystem nqn.2026-11.io.mora:none", "mora subsystem list");
    assertThat(mora.refused(64, "namespace add")).contains("--path FILE_OR_DEVICE");
    assertThat(mora.refused(64, "connection disconnect")).contains("--host HOSTNQN");
  }

  @Test
  void removingAsksAndWithoutATerminalRefuses() {
    assertThat(mora.refused(64, "subsystem remove " + NQN))
        .contains("served no more", "in memory: its data is lost", "--yes");
    assertThat(mora.refused(64, "namespace remove 1")).contains("lose it at once", "--yes");
    assertThat(mora.good("namespace list").out()).contains("8MiB");
  }

  @Test
  void aConfigurationIsShownCheckedComparedAppliedAndTakenBack() throws IOException {
    String yaml = mora.good("config show").out();
    assertThat(yaml).contains("subsystems:", NQN);
    Path same = Files.writeString(folder.resolve("same.yaml"), yaml);
    assertThat(mora.good("config validate", same.toString()).out()).contains("valid");
    assertThat(mora.good("config diff", same.toString()).out()).contains("what runs is");
    assertThat(mora.good("config diff").out()).contains("what is written");

    Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "listenners: []\n");
    assertThat(mora.refused(78, "config validate", wrong.toString())).contains("listenners");
    assertThat(mora.refused(74, "config apply /none.yaml")).contains("/none.yaml");

    String hosts = "hosts: [{nqn: " + HOST + "x, weight: 42}]\n";
    String without = yaml.replaceAll("(?m)^hosts:(\\s*\\[])?.*$", "");
    Path more = Files.writeString(folder.resolve("more.yaml"), without + "\n" + hosts);
    assertThat(mora.refused(64, "config apply", more.toString()))
        .contains("This would become different", "+ hosts[" + HOST + "x]", "--yes");
    assertThat(mora.good("config apply --yes", more.toString()).out()).contains("is in force");
    assertThat(mora.good("host list").out()).contains(HOST + "x", "42");

    assertThat(mora.good("config history").out()).contains(" *", "socket", "in force");
    int before = mora.good("config history -o json").json().at("/versions/1/version").asInt();
    assertThat(mora.good("config rollback --yes " + before).out()).contains("in force again");
    assertThat(mora.good("host list").out()).doesNotContain(HOST + "x");
    assertThat(mora.refused(1, "config rollback --yes 99999")).contains("99999");
  }

  @Test
  void whatItDoesIsSeen() throws IOException {
    io();
    assertThat(mora.good("class list").out()).contains("CLASS", "P99.9", "normal");
    assertThat(mora.good("top --once").out()).contains("commands/s", "connections", "shard");
    assertThat(mora.good("top --once -o json").json().at("/total/name").asText())
        .isEqualTo("total");
    assertThat(mora.good("explain").out()).isNotBlank();
    assertThat(mora.good("explain -o json").json().path("slow").isArray()).isTrue();
    assertThat(mora.good("connection list").out()).isNotBlank();
    assertThat(mora.good("connection list --queues -o json").json().has("open")).isTrue();
    assertThat(mora.good("events").out()).isNotBlank();
    assertThat(mora.good("events --follow --times 1 -o json --limit 1").out()).contains("number");
    assertThat(mora.good("subsystem list --watch 100ms --times 2").out().split("NAMESPACES"))
        .hasSize(3);
  }

  @Test
  void nobodyAtTheSocketIsSaidSo() {
    MoraRun nobody =
        MoraRun.of("subsystem list", "--socket", folder.resolve("none.sock").toString());
    assertThat(nobody.exitCode()).isEqualTo(69);
    assertThat(nobody.err()).contains("no daemon at", "none.sock", "Is mora-target running?");
    assertThat(MoraRun.of("top --server http://x:1").exitCode()).isEqualTo(64);
    assertThat(MoraRun.of("top --server https://x:1").err()).contains("--token-file");
  }

  @Test
  void grantsAreGivenAndTakenBack() {
    String host = "nqn.2026-11.io.mora:granted";
    mora.good("host add " + host + " --weight 7");
    mora.good("grant set " + host + " --max-class critical --min-budget critical=300us --step");
    assertThat(mora.good("grant list").out())
        .containsPattern(host + " +claimed +up to critical +critical 300us +coarse")
        .contains("(any other)");
    assertThat(mora.good("host show " + host + " -o json").json().path("weight").asInt())
        .isEqualTo(7);
    assertThat(mora.refused(64, "grant revoke " + host)).contains("limits stay", "--yes");
    mora.good("grant revoke --yes " + host);
    assertThat(mora.good("grant list").out()).containsPattern(host + " +claimed +up to normal");
    assertThat(mora.good("host show " + host + " -o json").json().path("weight").asInt())
        .isEqualTo(7);
    assertThat(mora.refused(1, "grant set nqn.2026-11.io.mora:nobody --step")).contains("nobody");
    assertThat(mora.refused(78, "grant set " + host + " --max-class highest"))
        .contains("maxClass", "highest", "critical");
    mora.good("host remove --yes " + host);
  }

  @Test
  void groupsHaveAStateAtEachListener() {
    mora.good("listener add 127.0.0.3:0");
    mora.good("ana set 1 inaccessible --listener 127.0.0.3:0");
    assertThat(mora.good("ana list").out())
        .containsPattern("1 +1 +127\\.0\\.0\\.1:\\d+ +optimized")
        .containsPattern("127\\.0\\.0\\.3:0 +inaccessible");
    assertThat(mora.good("ana list -o json").json().at("/groups/0/namespaces/0/nsid").asInt())
        .isEqualTo(1);
    mora.good("ana set 1 optimized --listener 127.0.0.3:0");
    assertThat(mora.good("ana list").out()).doesNotContain("inaccessible");
    assertThat(mora.refused(78, "ana set 1 broken --listener 127.0.0.3:0")).contains("broken");
    assertThat(mora.refused(1, "ana set 1 change --listener 127.0.0.9:1")).contains("127.0.0.9:1");
    mora.good("listener remove --yes 127.0.0.3:0");
  }
}
