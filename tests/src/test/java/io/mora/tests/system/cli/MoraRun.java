package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.cli.MoraCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What a {@code mora} command said, and how it ended. */
record MoraRun(int exitCode, String out, String err) {
  private static final int COLUMNS = 100;

  /** Runs a command in this process; {@code more} are words that may hold blanks. */
  static MoraRun of(String line, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine mora =
        MoraCommand.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> args = new ArrayList<>(List.of(line.split(" +")));
    args.addAll(List.of(more));
    int exitCode = mora.execute(args.toArray(new String[0]));
    return new MoraRun(exitCode, out.toString(), err.toString());
  }

  /** Commands to one daemon. */
  record At(Path socket) {
    MoraRun run(String line, String... more) {
      List<String> all = new ArrayList<>(List.of("--socket", socket.toString()));
      all.addAll(List.of(more));
      return of(line, all.toArray(new String[0]));
    }

    /** A command that must succeed, and whose tables fit. */
    MoraRun good(String line, String... more) {
      MoraRun ran = run(line, more);
      assertThat(ran.exitCode()).as("%s: %s", line, ran.err()).isZero();
      assertThat(ran.err()).isEmpty();
      boolean table = !line.contains("json") && !line.matches("events.*|config show.*");
      if (table) {
        assertThat(ran.out().lines()).as(line).allMatch(text -> text.length() <= COLUMNS);
      }
      return ran;
    }

    /** A command that must be refused so; nothing of a result is printed. */
    String refused(int exitCode, String line, String... more) {
      MoraRun ran = run(line, more);
      assertThat(ran.exitCode()).as("%s: %s%s", line, ran.out(), ran.err()).isEqualTo(exitCode);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).doesNotContain("\tat ");
      return ran.err();
    }
  }

  JsonNode json() {
    try {
      return new ObjectMapper().readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + out + err, e);
    }
  }
}
