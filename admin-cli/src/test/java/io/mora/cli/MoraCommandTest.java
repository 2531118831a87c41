package io.mora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MoraCommandTest {
  private static final String NQN = "nqn.2026-11.io.mora:test";

  @TempDir Path folder;

  @Test
  void helpNamesEveryCommandAndExitCode() {
    CommandLines help = CommandLines.run("--help");
    assertThat(help.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(help.out())
        .contains("demo", "target", "discover", "list", "id-ctrl", "read", "write", "bench")
        .contains("completion", "version", "Exit codes:", "65", "130");
  }

  @Test
  void everyCommandExplainsItselfWithin100Columns() {
    List<CommandLine> all = new ArrayList<>();
    collect(MoraCommand.create(), all);
    assertThat(all).hasSizeGreaterThan(10);
    for (CommandLine command : all) {
      String help = command.getUsageMessage();
      assertThat(help).contains("Usage: mora");
      assertThat(help.lines()).allMatch(line -> line.length() <= 100, "100 columns");
    }
  }

  private static void collect(CommandLine command, List<CommandLine> into) {
    into.add(command);
    command.getSubcommands().values().forEach(sub -> collect(sub, into));
  }

  @Test
  void withoutACommandItSaysWhereTheyAre() {
    CommandLines none = CommandLines.run();
    assertThat(none.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(none.err()).contains("mora help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "discover                                   | '--traddr'",
        "discover -a 127.0.0.1 -t rdma              | --transport=rdma: tcp is the only one",
        "discover -a 127.0.0.1 -s x                 | 'x' is not",
        "discover -a 127.0.0.1 -s 70000             | port 70000: 0 to 65535",
        "discover -a 127.0.0.1 --timeout soon       | 'soon' is not a duration: a number with us, ms",
        "discover -a not..a..host                   | an IPv4 or IPv6 address or a host name",
        "read -a 127.0.0.1 -n NQN --length 5KB      | '5KB' is not a size: a number with B, KiB",
        "bench -a 127.0.0.1                         | '--nqn=NQN'",
        "bench -a 127.0.0.1 -n NQN --read 50        | pass --yes",
        "bench -a 127.0.0.1 -n NQN --queue-size 5   | queueDepth 5: 16 to 1024",
        "bench -a 127.0.0.1 -n NQN --loop-transport tin | one of auto, io_uring, epoll, nio",
        "list -a 127.0.0.1 -o xml                   | 'xml'",
        "demo --size 1MiB                           | 32MiB or more",
        "demo --address 0.0.0.0                     | one address, to connect to",
        "disvocer                                   | Did you mean: mora discover",
      })
  void aWrongCommandLineIsExplained(String line, String says) {
    CommandLines wrong = CommandLines.run(line.strip().split(" +"));
    assertThat(wrong.err()).contains(says);
    assertThat(wrong.exitCode()).as(wrong.err()).isEqualTo(ExitCodes.USAGE);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"discover -a 127.0.0.1", "list -a 127.0.0.1", "id-ctrl -a 127.0.0.1 -n N"})
  void nobodyThereIsUnavailable(String line) {
    // Port 1 (tcpmux) has no listener on any machine that builds this.
    CommandLines nobody = CommandLines.run((line + " -s 1 --timeout 5s").split(" "));
    assertThat(nobody.exitCode()).isEqualTo(ExitCodes.UNAVAILABLE);
    assertThat(nobody.err()).contains("UNREACHABLE", "--trsvcid").doesNotContain("\tat ");
    assertThat(nobody.err().lines()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void verboseShowsWhereItFailed() {
    CommandLines nobody = CommandLines.run("discover", "-a", "127.0.0.1", "-s", "1", "--verbose");
    assertThat(nobody.err()).contains("\tat ");
  }

  @Test
  void theTargetsLauncherIsMissedWithAHint() {
    CommandLines run = CommandLines.run("target", "run", folder.resolve("x.yaml").toString());
    assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.err()).contains("./mora of a clone");
    assertThat(CommandLines.run("target").exitCode()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void versionIsThePoms() {
    CommandLines version = CommandLines.run("version");
    assertThat(version.out()).startsWith("mora 0.").contains("Java " + Runtime.version());
    assertThat(CommandLines.run("--version").out()).startsWith("mora 0.");
    assertThat(CommandLines.run("version", "--output", "json").out())
        .contains("\"version\" : \"0.", "\"transport\" : ");
  }

  @Test
  void theCompletionScriptIsAShellScript() throws Exception {
    CommandLines completion = CommandLines.run("completion");
    assertThat(completion.out()).contains("id-ctrl", "--traddr", "complete -F");
    Path script = Files.writeString(folder.resolve("mora_completion"), completion.out());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).isZero();
  }

  @Test
  void optionsAreThoseOfNvmeCli() {
    CommandLine.ParseResult parsed =
        MoraCommand.create()
            .parseArgs(
                ("list --transport=tcp --traddr=::1 --trsvcid=4420 --nqn=" + NQN + " --hostnqn=h")
                    .concat(" --hostid=2cd2c43b-a90a-45c1-a8cd-86b33ab273b5 --hdr-digest")
                    .concat(" --data-digest --nr-io-queues=2 --queue-size=64 --keep-alive-tmo=30")
                    .concat(" --reconnect-delay=1 --ctrl-loss-tmo=-1 --output=json")
                    .split(" "));
    assertThat(parsed.subcommand().matchedOptions()).hasSize(14);
  }
}
