package io.mora.target;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetMainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run no-such.yaml --stats-every | usage: ",
        "check no-such.yaml --stats-every 10s | usage: ",
        "run no-such.yaml --often 10s | usage: ",
        "run no-such.yaml --stats-every 999ms | --stats-every 999ms: 1s to 24h",
        "run no-such.yaml --stats-every 25h | --stats-every 25h: 1s to 24h",
        "run no-such.yaml --stats-every soon | --stats-every soon: ",
      })
  void whatIsNotACommandLineIsRefused(String line, String message) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(err, true, UTF_8);
    assertThat(new TargetMain(print, print).run(line.split(" "))).isEqualTo(TargetMain.USAGE);
    assertThat(err.toString(UTF_8)).startsWith(message);
  }

  @ParameterizedTest
  @CsvSource("run no-such.yaml --stats-every 1s")
  void aTimeThatIsAllowedIsTaken(String line) {
    PrintStream print = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    assertThat(new TargetMain(print, print).run(line.split(" ")))
        .as("only the file is wrong")
        .isEqualTo(TargetMain.BAD_CONFIGURATION);
  }

  @Test
  void aStateFolderThatCannotBeUsedKeepsItFromStarting(@TempDir Path folder) throws IOException {
    Path config = folder.toRealPath().resolve("target.yaml");
    Files.writeString(
        config,
        """
        listeners: [{address: 127.0.0.1, port: 0}]
        discovery: {listen: []}
        subsystems:
          - nqn: nqn.2026-11.io.example:disk
            namespaces: [{nsid: 1, backend: {kind: null, size: 1MiB}}]
        """);
    Path state = Files.createFile(folder.toRealPath().resolve("target.yaml.state"));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(err, true, UTF_8);
    assertThat(new TargetMain(print, print).run(new String[] {"run", config.toString()}))
        .isEqualTo(TargetMain.FAILURE);
    assertThat(err.toString(UTF_8)).startsWith("mora-target: ").contains(state.toString());
  }
}
