package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** tshark's and our own verdict about a capture. */
final class Captures {
  private static final Path JUDGE = Repository.root().resolve("tests/interop/check-capture");

  private Captures() {}

  /** Aborts the test unless there is a tshark; with {@code -Dmora.interop=required} fails it. */
  static void require() {
    boolean there = Guest.run(List.of("sh", "-c", "command -v tshark")).status() == 0;
    if (!there && "required".equals(System.getProperty("mora.interop"))) {
      throw new AssertionError("interop is required, but tshark is missing");
    }
    Assumptions.assumeTrue(there, "tshark is missing: tests/interop/install-tools");
  }

  /** Every PDU must be right and every byte part of one. */
  static void judge(Path capture, int port) {
    assertClean(List.of(JUDGE.toString(), capture.toString(), Integer.toString(port)));
  }

  /** The same where connections were cut in the middle of a PDU. */
  static void judgeCut(Path capture, int port) {
    assertClean(List.of(JUDGE.toString(), "--cut", capture.toString(), Integer.toString(port)));
  }

  private static void assertClean(List<String> command) {
    Guest.Output output = Guest.run(command);
    System.out.println(output.text().strip());
    assertThat(output.status()).as(output.text()).isZero();
  }

  static Guest.Output selfTest() {
    return Guest.run(List.of(JUDGE.toString(), "--self-test"));
  }
}
