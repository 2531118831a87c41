package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.delay.DeviceProfile;
import io.mora.target.backend.memory.MemoryBackend;
import io.mora.target.backend.os.LibC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file of what a storage holds at one moment. */
class SnapshotTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  @BeforeEach
  void native64() {
    assumeTrue(LibC.available(), "SKIPPED: no native access here");
  }

  static Stream<TransportKind> transports() {
    return Stream.of(TransportKind.values()).filter(TransportKind::available);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[MIB];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("transports")
  void holdsWhatWasThereAndNothingOfWhatComesLater(TransportKind transport) throws Exception {
    try (Storage disk = Storage.btrfs(folder)) {
      String path = disk.path + "/disk.img";
      Path snapshot = Path.of(disk.path, "snapshot.img");
      Backend file = Backends.open(BackendOptions.file(path, 4 * MIB, 4096), transport);
      try (Rig rig = new Rig(new DelayBackend(file, DeviceProfile.fixed(8, 0)), transport)) {
        rig.write(MIB, filled(1));
        rig.backend.snapshot(snapshot.toString());
        rig.write(MIB, filled(2));
        rig.run(IoRequest.FLUSH, 0, 0);
        byte[] held = Files.readAllBytes(snapshot);
        assertThat(held).hasSize(4 * MIB);
        assertThat(Arrays.copyOfRange(held, MIB, 2 * MIB)).isEqualTo(filled(1));
        assertThat(Arrays.copyOf(held, MIB)).isEqualTo(new byte[MIB]);
        assertThat(rig.read(MIB, MIB)).isEqualTo(filled(2));
        assertThatThrownBy(() -> rig.backend.snapshot(snapshot.toString()))
            .isInstanceOf(Problem.class)
            .hasMessageContainingAll("path", "exists already");
        Path elsewhere = folder.resolve("elsewhere.img");
        assertThatThrownBy(() -> rig.backend.snapshot(elsewhere.toString()))
            .hasMessageContainingAll("path", "file system of the namespace");
        assertThat(elsewhere).doesNotExist();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aFileSystemWithoutReflinksSaysSoAndKeepsNothing(TransportKind transport) throws Exception {
    try (Storage small = Storage.tmpfs(folder, 4 * MIB)) {
      BackendOptions options = BackendOptions.file(small.path + "/f", MIB, 4096);
      Path snapshot = Path.of(small.path, "s");
      try (Backend backend = Backends.open(options, transport)) {
        assertThatThrownBy(() -> backend.snapshot(snapshot.toString()))
            .isInstanceOf(Problem.class)
            .hasMessageContainingAll("path", snapshot.toString(), "reflinks", "has none");
        assertThat(snapshot).doesNotExist();
        assertThatThrownBy(() -> backend.snapshot(small.path + "/none/s"))
            .hasMessageContaining("existing folder");
      }
    }
  }

  @Test
  void whatIsNoFileHasNoSnapshot() throws Exception {
    try (Backend memory = new MemoryBackend(MIB, 4096)) {
      assertThatThrownBy(() -> memory.snapshot(folder.resolve("s").toString()))
          .isInstanceOf(Problem.class)
          .hasMessageContainingAll("memory", "not a single file");
    }
  }
}
