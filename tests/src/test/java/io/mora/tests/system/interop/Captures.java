package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Repository;
import java.nio.file.Path;
import java.util.List;

/** tshark's and our own verdict about a capture. */
final class Captures {
  private static final Path JUDGE = Repository.root().resolve("tests/interop/check-capture");

  private Captures() {}

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
