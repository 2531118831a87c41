package io.mora.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectFileTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 16;

  private final int[] results = new int[BLOCKS];
  private int ended;
  private Path path = Path.of("");

  /* Not where temporary files are: that may be memory, which may know no O_DIRECT. */
  @BeforeEach
  void file() throws IOException {
    assumeTrue(TransportKind.IO_URING.available(), TransportKind.IO_URING::unavailableReason);
    path = Files.createTempFile(Files.createDirectories(Path.of("build")), "direct", ".data");
  }

  @AfterEach
  void remove() throws IOException {
    Files.deleteIfExists(path);
  }

  private void done(int tag, int result) {
    results[tag] = result;
    ended++;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsWhatIsThere(boolean spin) throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    byte[] content = new byte[BLOCK * BLOCKS];
    new Random(seed).nextBytes(content);
    Files.write(path, content);
    ByteBuffer memory = ByteBuffer.allocateDirect(content.length + BLOCK).alignedSlice(BLOCK);
    Arrays.fill(results, -1);
    try (DirectFile file = DirectFile.open(path, 64, this::done)) {
      for (int i = 0; i < BLOCKS; i++) {
        file.read((long) i * BLOCK, Buffer.memoryAddress(memory) + (long) i * BLOCK, BLOCK, i);
      }
      while (ended < BLOCKS) {
        if (spin) {
          file.poll();
        } else {
          file.await();
        }
      }
    }
    assertThat(results).containsOnly(BLOCK);
    byte[] back = new byte[content.length];
    memory.get(back);
    assertThat(back).isEqualTo(content);
  }

  @Test
  void aReadThatIsNotAlignedTellsItsErrno() throws IOException {
    Files.write(path, new byte[BLOCK]);
    ByteBuffer memory = ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK);
    try (DirectFile file = DirectFile.open(path, 64, this::done)) {
      file.read(1, Buffer.memoryAddress(memory), 100, 3);
      while (ended == 0) {
        file.await();
      }
    }
    assertThat(results[3]).as("EINVAL: it is past the page cache").isEqualTo(-22);
  }

  @Test
  void leavesNoDescriptorBehind() throws IOException {
    try (DirectFile file = DirectFile.open(path, 64, this::done)) {
      assertThat(descriptors(path)).isEqualTo(1);
      file.poll();
    }
    assertThat(descriptors(path)).isZero();
  }

  private static long descriptors(Path path) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(each -> leadsTo(each, path)).count();
    }
  }

  private static boolean leadsTo(Path descriptor, Path path) {
    try {
      return Files.readSymbolicLink(descriptor).equals(path.toAbsolutePath());
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void whatCannotBeOpenedIsNamed() {
    Path none = Path.of("build", "no-such-file");
    assertThatThrownBy(() -> DirectFile.open(none, 64, this::done))
        .isInstanceOf(IOException.class)
        .hasMessage(none + ": cannot be opened with O_DIRECT, errno 2");
    Path proc = Path.of("/proc/self/stat");
    assertThatThrownBy(() -> DirectFile.open(proc, 64, this::done))
        .isInstanceOf(IOException.class)
        .hasMessage(proc + ": its file system refuses O_DIRECT");
  }
}
