package io.mora.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.cli.CliException;
import io.mora.protocol.TransportAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoPartsTest {
  @TempDir Path folder;

  @Test
  void aReadyLineTellsWhereToConnect() {
    ReadyLine ready =
        ReadyLine.parse(
                "READY {\"listeners\":[{\"address\":\"127.0.0.1\",\"port\":1,\"kind\":\"discovery\"},"
                    + "{\"address\":\"127.0.0.1\",\"port\":2,\"kind\":\"nvm\"}],\"pid\":7,"
                    + "\"transport\":\"epoll\",\"new\":{}}")
            .orElseThrow();
    assertThat(ready.nvm()).isEqualTo(new TransportAddress("127.0.0.1", 2));
    assertThat(ready.discovery()).isEqualTo(new TransportAddress("127.0.0.1", 1));
    assertThat(ready.pid()).isEqualTo(7);
    assertThat(ready.transport()).isEqualTo("epoll");
  }

  @Test
  void otherLinesAreNotReady() {
    assertThat(ReadyLine.parse("starting")).isEmpty();
    assertThatThrownBy(() -> ReadyLine.parse("READY soon"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("READY soon");
    assertThatThrownBy(() -> ReadyLine.parse("READY {\"listeners\":[]}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTemporaryFolderIsGoneWithItsContent() throws Exception {
    TemporaryFolder temporary = TemporaryFolder.create();
    Files.createDirectories(temporary.path().resolve("a/b"));
    Files.writeString(temporary.path().resolve("a/b/c"), "x");
    temporary.close();
    temporary.close();
    assertThat(temporary.path()).doesNotExist();
  }

  @Test
  void aTargetThatFailsToStartShowsItsLog() throws Exception {
    Path log = folder.resolve("log");
    try (TargetProcess target =
        TargetProcess.start(List.of("sh", "-c", "echo no such disk >&2; exit 1"), log)) {
      assertThatThrownBy(target::awaitReady)
          .isInstanceOf(CliException.class)
          .hasMessageContaining("ended before it was ready")
          .hasMessageContaining("no such disk");
    }
  }

  @Test
  void closingATargetEndsIt() throws Exception {
    String ready = "READY {\"listeners\":[{\"address\":\"::1\",\"port\":9,\"kind\":\"nvm\"}]}";
    TargetProcess target =
        TargetProcess.start(
            List.of("sh", "-c", "echo '" + ready + "'; exec sleep 600"), folder.resolve("log"));
    assertThat(target.awaitReady().nvm()).hasToString("[::1]:9");
    assertThat(target.alive()).isTrue();
    target.close();
    assertThat(target.alive()).isFalse();
  }
}
