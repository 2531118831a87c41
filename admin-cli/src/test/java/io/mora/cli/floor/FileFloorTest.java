package io.mora.cli.floor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.TransportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFloorTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 256;
  private static final Span SHORT = new Span(20_000_000, 400_000_000);

  /* Beside the build's output: a folder for temporary files is often kept in memory. */
  @TempDir(factory = BuildFolder.class)
  Path folder;

  private Path path = Path.of("");

  @BeforeEach
  void write() throws IOException {
    path = Files.write(folder.resolve("file"), new byte[BLOCK * BLOCKS]);
  }

  private static FileReads reads(int depth, boolean sequential, int blocks) {
    return new FileReads(depth, BLOCK, sequential, 0, blocks, 1);
  }

  @ParameterizedTest
  @CsvSource({"false,1,false", "true,1,true", "false,32,true", "true,100,false"})
  void readsFlowAndEnd(boolean spin, int depth, boolean sequential) throws Exception {
    assumeTrue(TransportKind.IO_URING.available(), TransportKind.IO_URING::unavailableReason);
    FileReads reads = reads(depth, sequential, BLOCKS);
    Floor.Result result = FileFloor.measure(path, reads, spin, SHORT, -1);
    assertThat(result.latencies().getTotalCount()).isPositive();
    assertThat(result.perSecond()).isPositive();
    assertThat(result.spin()).isEqualTo(spin);
  }

  @Test
  void aFileThatIsShorterThanTheLoadIsRefused() {
    FileReads tooMany = reads(1, false, BLOCKS + 1);
    assertThatThrownBy(() -> FileFloor.measure(path, tooMany, false, SHORT, -1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1048576 bytes, the load's region ends at 1052672");
  }

  @Test
  void whatIsNoFileIsRefused() {
    FileReads reads = reads(1, false, 1);
    assertThatThrownBy(() -> FileFloor.measure(folder.resolve("none"), reads, false, SHORT, -1))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> FileFloor.measure(folder, reads, false, SHORT, -1))
        .hasMessageContaining("neither a regular file nor a block device");
    assertThatThrownBy(() -> FileFloor.measure(Path.of("/dev/zero"), reads, false, SHORT, -1))
        .hasMessageContaining("neither a regular file nor a block device");
  }

  @Test
  void readsThatDirectIoCannotDoAreRefused() {
    FileReads odd = new FileReads(1, 1000, false, 0, 1, 1);
    assertThatThrownBy(() -> FileFloor.measure(path, odd, false, SHORT, -1))
        .hasMessageContaining("1000 bytes")
        .hasMessageContaining("multiples of 512");
  }

  @Test
  void aFileThatBecomesShorterMeanwhileEndsIt() throws Exception {
    assumeTrue(TransportKind.IO_URING.available(), TransportKind.IO_URING::unavailableReason);
    Thread cutting =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
                Files.write(path, new byte[BLOCK]);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    cutting.start();
    Span span = new Span(0, 20_000_000_000L);
    assertThatThrownBy(() -> FileFloor.measure(path, reads(8, false, BLOCKS), false, span, -1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a read of 4096 bytes");
    cutting.join();
  }
}
