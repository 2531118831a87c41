package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.BackendOptions.DirectIo;
import io.mora.target.backend.os.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stop in good order leaves nothing in the page cache. The kernel tells: of the dirty pages of a
 * file that is deleted, /proc/self/io counts the bytes that now need not be written.
 */
class StopDurabilityTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  static Stream<TransportKind> transports() {
    return Stream.of(TransportKind.values()).filter(TransportKind::available);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatWasWrittenAndNeverFlushedIsOnTheMediumAfterAStop(TransportKind transport)
      throws Exception {
    assumeTrue(LibC.available(), "SKIPPED: no native access here");
    Path dirty = folder.resolve("dirty");
    Files.write(dirty, pattern());
    assumeTrue(cancelledBy(dirty) > 0, "SKIPPED: this kernel or file system does not tell");

    Path file = folder.resolve("disk.img");
    BackendOptions options = BackendOptions.file(file.toString(), MIB, 4096).with(DirectIo.OFF);
    try (Rig rig = new Rig(Backends.open(options, transport), transport)) {
      rig.write(0, pattern());
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(pattern());
    assertThat(cancelledBy(file)).as("dirty bytes of a stopped target's file").isZero();
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[MIB];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 7 + 1);
    }
    return bytes;
  }

  /** Deletes a file; the bytes of it that had not been written yet. */
  private static long cancelledBy(Path file) throws IOException {
    long before = cancelled();
    Files.delete(file);
    return cancelled() - before;
  }

  private static long cancelled() {
    try {
      return Files.readAllLines(Path.of("/proc/self/io")).stream()
          .filter(line -> line.startsWith("cancelled_write_bytes: "))
          .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
