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

  static void judge(Path capture, int port) {
    Guest.Output output =
        Guest.run(List.of(JUDGE.toString(), capture.toString(), Integer.toString(port)));
    System.out.println(output.text().strip());
    assertThat(output.status()).as(output.text()).isZero();
  }

  static Guest.Output selfTest() {
    return Guest.run(List.of(JUDGE.toString(), "--self-test"));
  }
}
