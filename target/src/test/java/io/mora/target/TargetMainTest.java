package io.mora.target;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
}
