package io.mora.tests.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** How a guest's script that ends early is told, by a script that needs no guest. */
class GuestTest {
  private static Guest of(Path folder, String script) throws IOException {
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    return new Guest(process, folder.resolve("transcript.txt"));
  }

  @Test
  void aScriptThatCannotAbortsTheTestWithItsReason(@TempDir Path folder) throws IOException {
    try (Guest guest = of(folder, "echo no such module; exit 77")) {
      assertThatThrownBy(() -> guest.await("ready"))
          .isInstanceOf(TestAbortedException.class)
          .hasMessageContaining("no such module");
    }
  }

  @Test
  void aScriptThatFailsFailsTheTest(@TempDir Path folder) throws IOException {
    try (Guest guest = of(folder, "echo oops; exit 1")) {
      assertThatThrownBy(() -> guest.await("ready"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended with 1")
          .hasMessageContaining("oops");
    }
  }

  @Test
  void aScriptPassesByItsStatusAndByAllThatItSays(@TempDir Path folder) throws IOException {
    try (Guest good = of(folder, "echo PASS one; echo PASS two")) {
      good.passes();
    }
    for (String bad : List.of("echo PASS; exit 1", "echo PASS; echo FAIL it", "echo nothing")) {
      try (Guest guest = of(folder, bad)) {
        assertThatThrownBy(guest::passes).as(bad).isInstanceOf(AssertionError.class);
      }
    }
    try (Guest guest = of(folder, "echo PASS; exit 77")) {
      assertThatThrownBy(guest::passes).isInstanceOf(TestAbortedException.class);
    }
  }

  @Test
  void aLineBeforeTheEndIsFound(@TempDir Path folder) throws IOException {
    try (Guest guest = of(folder, "echo early; echo ready now; exit 77")) {
      assertThat(guest.await("ready")).isEqualTo("ready now");
    }
  }
}
