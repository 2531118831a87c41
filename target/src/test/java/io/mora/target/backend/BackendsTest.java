package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.TransportKind;
import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendOptions.DirectIo;
import io.mora.target.backend.BackendOptions.Flag;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.os.FileStatus;
import io.mora.target.backend.os.LibC;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Opening: what is created, kept, locked and refused; and space on the medium. */
class BackendsTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  @BeforeEach
  void native64() {
    assumeTrue(LibC.available(), "SKIPPED: no native access here");
  }

  static Stream<TransportKind> transports() {
    return Stream.of(TransportKind.values()).filter(TransportKind::available);
  }

  private String path() {
    return folder.resolve("disk.img").toString();
  }

  private static Backend open(BackendOptions options) throws IOException {
    return Backends.open(options, TransportKind.best());
  }

  private static void refused(BackendOptions options, String field, String... words) {
    assertThatThrownBy(() -> open(options).close())
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.field()).isEqualTo(field))
        .hasMessageContainingAll(words);
  }

  @Test
  void createsASparseFileAndTakesItAsItIsAfterwards() throws IOException {
    try (Backend backend = open(BackendOptions.file(path(), 64 * MIB, 512))) {
      BackendGeometry geometry = backend.geometry();
      assertThat(geometry.sizeBytes()).isEqualTo(64 * MIB);
      assertThat(geometry.volatileWriteCache()).isTrue();
      assertThat(geometry.deallocates()).isTrue();
    }
    assertThat(allocated()).isLessThan(MIB);
    try (Backend backend = open(BackendOptions.file(path(), 0, 4096))) {
      assertThat(backend.geometry().sizeBytes()).isEqualTo(64 * MIB);
    }
  }

  @Test
  void preallocatesWhenTold() throws IOException {
    open(BackendOptions.file(path(), 4 * MIB, 512).with(Flag.PREALLOCATE)).close();
    assertThat(allocated()).isGreaterThanOrEqualTo(4 * MIB);
  }

  @Test
  void growsButNeverCutsAFile() throws IOException {
    open(BackendOptions.file(path(), MIB, 512)).close();
    open(BackendOptions.file(path(), 2 * MIB, 512)).close();
    assertThat(Files.size(Path.of(path()))).isEqualTo(2 * MIB);
    refused(
        BackendOptions.file(path(), MIB, 512),
        "sizeBytes",
        "1048576",
        "2097152",
        "never cut short");
    refused(
        BackendOptions.file(path(), 4 * MIB, 512).with(Flag.READ_ONLY), "sizeBytes", "readOnly");
    assertThat(Files.size(Path.of(path()))).isEqualTo(2 * MIB);
  }

  @Test
  void refusesSizesThatAreNotWholeBlocks() throws IOException {
    Files.write(Path.of(path()), new byte[1000]);
    refused(BackendOptions.file(path(), 0, 512), "path", path(), "1000 bytes", "multiple of");
    refused(BackendOptions.file(path(), 1001, 512), "sizeBytes", "1001", "multiple of");
    refused(BackendOptions.memory(0, 512), "sizeBytes", "0", "positive multiple");
    refused(BackendOptions.memory(-512, 512), "sizeBytes", "-512");
    refused(BackendOptions.memory(1L << 60, 512), "sizeBytes", "at most");
    refused(BackendOptions.memory(MIB, 1024), "blockSizeBytes", "1024", "512 or 4096");
    Files.write(Path.of(path()), new byte[0]);
    refused(BackendOptions.file(path(), 0, 512), "path", "0 bytes");
  }

  @Test
  void refusesPathsThatAreSomethingElse() throws IOException {
    String missing = folder.resolve("missing").toString();
    refused(BackendOptions.file(missing, 0, 512), "path", missing, "no such file", "sizeBytes");
    refused(BackendOptions.file(missing + "/x", MIB, 512), "path", "no such folder");
    refused(BackendOptions.block(missing, 512), "path", missing, "no such file");
    refused(BackendOptions.file(missing, MIB, 512).with(Flag.READ_ONLY), "path", "no such file");
    refused(BackendOptions.file(folder.toString(), 0, 512), "path", "a directory");
    refused(BackendOptions.block("/dev/null", 512), "path", "neither a file nor a block device");
    Files.write(Path.of(path()), new byte[MIB]);
    refused(BackendOptions.block(path(), 512), "path", "a regular file", "kind file");
    refused(BackendOptions.file("", MIB, 512), "path", "needed for kind file");
    assertThat(Path.of(missing)).doesNotExist();
  }

  @Test
  void checkTouchesNothing() throws IOException {
    Backends.check(BackendOptions.file(path(), MIB, 512));
    assertThat(Path.of(path())).doesNotExist();
    assertThatThrownBy(() -> Backends.check(BackendOptions.file(path(), 0, 512)))
        .isInstanceOf(Problem.class);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void twoTargetsCannotServeOneFileWhateverTheirLoops(TransportKind transport) throws IOException {
    BackendOptions options = BackendOptions.file(path(), MIB, 512);
    try (Backend first = Backends.open(options, transport)) {
      assertThat(first.description()).startsWith("file (");
      refused(options, "path", path(), "served already");
      refused(options.with(Flag.READ_ONLY), "path", "served already");
    }
    try (Backend reader = open(options.with(Flag.READ_ONLY));
        Backend another = Backends.open(options.with(Flag.READ_ONLY), transport)) {
      assertThat(reader.geometry().readOnly()).isTrue();
      assertThat(another.geometry().deallocates()).isFalse();
      refused(options, "path", "served already");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void readOnlyRefusesEveryChange(TransportKind transport) throws Exception {
    Files.write(Path.of(path()), new byte[MIB]);
    BackendOptions options = BackendOptions.file(path(), 0, 512).with(Flag.READ_ONLY);
    try (Rig rig = new Rig(Backends.open(options, transport), transport)) {
      int[] changes = {IoRequest.WRITE, IoRequest.WRITE_ZEROES, IoRequest.DEALLOCATE};
      for (int op : changes) {
        assertThat(rig.run(op, 0, 512)).isEqualTo(Status.NAMESPACE_WRITE_PROTECTED);
      }
      assertThat(rig.run(IoRequest.FLUSH, 0, 0)).isZero();
      assertThat(rig.read(0, MIB)).isEqualTo(new byte[MIB]);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void deallocateReturnsSpaceAndZeroesKeepIt(TransportKind transport) throws Exception {
    BackendOptions options = BackendOptions.file(path(), 8 * MIB, 4096);
    try (Rig rig = new Rig(Backends.open(options, transport), transport)) {
      rig.write(0, new byte[8 * MIB]);
      rig.run(IoRequest.FLUSH, 0, 0);
      assertThat(allocated()).isGreaterThanOrEqualTo(8 * MIB);
      assertThat(rig.run(IoRequest.WRITE_ZEROES, 0, 4 * MIB)).isZero();
      rig.run(IoRequest.FLUSH, 0, 0);
      assertThat(allocated()).isGreaterThanOrEqualTo(8 * MIB);
      assertThat(rig.run(IoRequest.DEALLOCATE, MIB, 6 * MIB)).isZero();
      rig.run(IoRequest.FLUSH, 0, 0);
      assertThat(allocated()).isLessThan(4 * MIB);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aFullFileSystemIsCapacityExceeded(TransportKind transport) throws Exception {
    try (Storage small = Storage.tmpfs(folder, MIB)) {
      BackendOptions options = BackendOptions.file(small.path + "/f", 4 * MIB, 4096);
      try (Rig rig = new Rig(Backends.open(options, transport), transport)) {
        int full = Status.CAPACITY_EXCEEDED | Status.DNR;
        assertThat(rig.run(TestRequest.write(0, new byte[2 * MIB]))).isEqualTo(full);
        assertThat(rig.run(TestRequest.write(3 * MIB, new byte[4096]))).isEqualTo(full);
        assertThat(rig.run(IoRequest.DEALLOCATE, 0, 2 * MIB)).isZero();
        assertThat(rig.run(TestRequest.write(3 * MIB, new byte[4096]).fua())).isZero();
      }
      refused(
          BackendOptions.file(small.path + "/g", 4 * MIB, 4096).with(Flag.PREALLOCATE),
          "sizeBytes",
          "no space left");
      assertThat(Path.of(small.path + "/g")).doesNotExist();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aFileCutBehindOurBackIsAReadError(TransportKind transport) throws Exception {
    BackendOptions options = BackendOptions.file(path(), MIB, 512);
    try (Rig rig = new Rig(Backends.open(options, transport), transport)) {
      try (var channel = FileChannel.open(Path.of(path()), StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      assertThat(rig.run(IoRequest.READ, MIB / 2, 4096)).isEqualTo(Status.UNRECOVERED_READ_ERROR);
      assertThat(rig.run(IoRequest.READ, 2048, 4096)).isEqualTo(Status.UNRECOVERED_READ_ERROR);
    }
  }

  @Test
  void aRingThatTakesNoMoreAnswersAllTheSame() throws Exception {
    TransportKind uring = TransportKind.IO_URING;
    assumeTrue(uring.available(), () -> "SKIPPED: " + uring.unavailableReason());
    try (Rig rig = new Rig(Backends.open(BackendOptions.file(path(), MIB, 512), uring), uring)) {
      rig.onShard(
          0,
          () -> {
            rig.queue(0).close();
            return true;
          });
      assertThat(rig.run(IoRequest.READ, 0, 512)).isEqualTo(Status.INTERNAL_ERROR);
      assertThat(rig.read(1, 0, 512)).isEqualTo(new byte[512]);
    }
  }

  @Test
  void directIsRefusedOrReportedWhereItCannotBe() throws Exception {
    try (Storage device = Storage.loopDevice(folder, 8 * MIB, 4096)) {
      BackendOptions options = BackendOptions.block(device.path, 512);
      try (Backend backend = open(options)) {
        assertThat(backend.description()).contains("buffered");
        assertThat(backend.geometry().volatileWriteCache()).isTrue();
      }
      refused(options.with(DirectIo.ON), "directIo", "4096", "512");
      try (Backend backend = open(BackendOptions.block(device.path, 4096).with(DirectIo.ON))) {
        assertThat(backend.description()).contains("O_DIRECT");
      }
    }
  }

  @Test
  void aDeviceInUseIsRefused() throws Exception {
    try (Storage device = Storage.loopDevice(folder, 8 * MIB, 512)) {
      BackendOptions options = BackendOptions.block(device.path, 512);
      try (Backend first = open(options)) {
        assertThat(first.geometry().sizeBytes()).isEqualTo(8 * MIB);
        refused(options, "path", device.path, "in use");
      }
      refused(
          new BackendOptions(
              options.kind(), options.path(), MIB, 512, DirectIo.AUTO, options.flags()),
          "sizeBytes",
          "8388608");
    }
  }

  private long allocated() {
    return Objects.requireNonNull(FileStatus.of(path())).allocatedBytes();
  }
}
