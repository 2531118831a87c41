package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.fake.FakeAdmin;
import io.mora.initiator.fake.FakeController;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of the Javadoc and of docs/initiator.md runs as it is printed there. */
class ExampleTest {
  private final List<ByteBuffer> used = new ArrayList<>();

  @Test
  void theExampleRuns() throws Exception {
    try (FakeController controller = new FakeController()) {
      example(controller.address().toString(), FakeAdmin.SUBSYSTEM.value());
      assertThat(used).hasSize(1);
    }
  }

  private void example(String address, String subsystem) throws Exception {
    // begin
    try (Initiator initiator = Initiator.create(InitiatorOptions.defaults())) {
      Association array =
          initiator
              .connect(ConnectOptions.to(address, subsystem).build())
              .toCompletableFuture()
              .get();
      RemoteNamespace pages = array.namespace(1);
      ByteBuffer page = ByteBuffer.allocateDirect(8 * pages.blockBytes());
      pages.write(0, 8, page).thenCompose(w -> pages.flush()).toCompletableFuture().get();
      pages.read(0, 8, page).thenAccept(r -> use(page)).toCompletableFuture().get();
    }
    // end
  }

  @Test
  void itIsTheOnePrinted() throws Exception {
    String test = Files.readString(Path.of("src/test/java/io/mora/initiator/ExampleTest.java"));
    String example = test.substring(test.indexOf("// begin") + 8, test.indexOf("// end"));
    String printed = "\"192.0.2.7\", \"nqn.2026-01.org.example:pages\"";
    String expected = squeezed(example.replace("address, subsystem", printed));
    Path javadoc = Path.of("src/main/java/io/mora/initiator/Initiator.java");
    assertThat(squeezed(Files.readString(javadoc).replace("\n * ", "\n"))).contains(expected);
    assertThat(squeezed(Files.readString(Path.of("../docs/initiator.md")))).contains(expected);
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }

  private void use(ByteBuffer page) {
    used.add(page);
  }
}
