package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.TransportKind;
import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendOptions.Flag;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.delay.DeviceProfile;
import io.mora.target.backend.memory.MemoryBackend;
import io.mora.target.backend.os.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Storage whose size changes while two shards use it. */
class ResizeTest {
  private static final int BLOCK = 512;
  private static final int MIB = 1 << 20;
  private static final int RANGE = Status.LBA_OUT_OF_RANGE | Status.DNR;

  @TempDir Path folder;
  private MemoryBackend memory = new MemoryBackend(MIB, BLOCK);

  /** One permutation. */
  record Case(String storage, TransportKind transport) {}

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.add(new Case("memory", TransportKind.NIO));
    cases.add(new Case("delay", TransportKind.NIO));
    for (TransportKind transport : TransportKind.values()) {
      cases.add(new Case("file", transport));
      cases.add(new Case("preallocated", transport));
    }
    return cases.stream();
  }

  private Rig rig(Case which, long sizeBytes) throws Exception {
    TransportKind transport = which.transport();
    assumeTrue(transport.available(), () -> "SKIPPED: " + transport.unavailableReason());
    BackendOptions file = BackendOptions.file(path(), sizeBytes, BLOCK);
    memory = new MemoryBackend(sizeBytes, BLOCK);
    return switch (which.storage()) {
      case "memory" -> new Rig(memory, transport);
      case "delay" -> new Rig(new DelayBackend(memory, DeviceProfile.fixed(8, 20_000)), transport);
      case "preallocated" ->
          new Rig(Backends.open(file.with(Flag.PREALLOCATE), transport), transport);
      default -> new Rig(Backends.open(file, transport), transport);
    };
  }

  private String path() {
    return folder.resolve("disk.img").toString();
  }

  /** Bytes the medium has. */
  private long held(Case which) throws IOException {
    boolean file = !which.storage().equals("memory") && !which.storage().equals("delay");
    return file ? Files.size(Path.of(path())) : memory.residentBytes();
  }

  private static int status(Rig rig, int shard, int op, long offset) throws Exception {
    return rig.submit(shard, TestRequest.of(op, offset, BLOCK)).await();
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0x5A);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsNewReadsAsZeroesAndIsThereForEveryShard(Case which) throws Exception {
    try (Rig rig = rig(which, MIB)) {
      rig.write(0, filled(MIB));
      assertThat(status(rig, 1, IoRequest.READ, MIB)).isEqualTo(RANGE);
      assertThat(rig.backend.resize(4 * MIB)).isEqualTo(rig.backend.geometry());
      assertThat(rig.backend.geometry().blocks()).isEqualTo(4 * MIB / BLOCK);
      assertThat(rig.read(1, 0, MIB)).isEqualTo(filled(MIB));
      assertThat(rig.read(1, MIB, 3 * MIB)).isEqualTo(new byte[3 * MIB]);
      assertThat(rig.submit(1, TestRequest.write(4 * MIB - BLOCK, filled(BLOCK))).await()).isZero();
      assertThat(rig.read(0, 4 * MIB - BLOCK, BLOCK)).isEqualTo(filled(BLOCK));
      assertThat(status(rig, 0, IoRequest.WRITE, 4 * MIB)).isEqualTo(RANGE);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsCutOffNeverComesBack(Case which) throws Exception {
    // Neither end on a page, nor on a chunk of memory.
    int less = MIB + 3 * BLOCK;
    int more = 3 * MIB - 5 * BLOCK;
    try (Rig rig = rig(which, more)) {
      rig.write(0, filled(more));
      rig.backend.resize(less);
      for (int shard = 0; shard < 2; shard++) {
        for (int op : new int[] {IoRequest.READ, IoRequest.WRITE, IoRequest.WRITE_ZEROES}) {
          assertThat(status(rig, shard, op, less)).isEqualTo(RANGE);
        }
        assertThat(rig.read(shard, 0, less)).isEqualTo(filled(less));
      }
      rig.backend.resize(more);
      assertThat(rig.read(1, 0, less)).isEqualTo(filled(less));
      assertThat(rig.read(1, less, more - less)).isEqualTo(new byte[more - less]);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void underLoadEveryCommandHasOneOfTwoEnds(Case which) throws Exception {
    try (Rig rig = rig(which, 2 * MIB)) {
      Load load = new Load(rig, 2 * MIB);
      load.start();
      for (int round = 0; round < 10; round++) {
        load.awaitMore();
        rig.backend.resize(MIB);
        load.awaitMore();
        assertThat(held(which)).as("nothing came down behind the new end").isLessThanOrEqualTo(MIB);
        rig.backend.resize(2 * MIB);
      }
      rig.backend.resize(MIB);
      rig.backend.resize(2 * MIB);
      load.stop();
      assertThat(load.other.get()).as("a status but success and out of range").isEmpty();
      assertThat(load.done.get()).isPositive();
      assertThat(load.refused.get()).isPositive();
      // With nothing under way: what was written beyond the smaller end is gone for good.
      rig.backend.resize(MIB);
      rig.backend.resize(2 * MIB);
      assertThat(rig.read(MIB, MIB)).isEqualTo(new byte[MIB]);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusesWhatIsNoSize(Case which) throws Exception {
    try (Rig rig = rig(which, MIB)) {
      BackendGeometry before = rig.backend.geometry();
      for (long size : new long[] {-BLOCK, 1000}) {
        assertThatThrownBy(() -> rig.backend.resize(size))
            .isInstanceOf(Problem.class)
            .hasMessageContainingAll("sizeBytes", "" + size, "multiple", "" + BLOCK);
      }
      assertThat(rig.backend.geometry()).isEqualTo(before);
    }
  }

  @Test
  void memoryIsGivenBackAndIsBounded() throws Exception {
    MemoryBackend memory = new MemoryBackend(1L << 45, 4096);
    try (Rig rig = new Rig(memory, TransportKind.NIO)) {
      rig.write(0, new byte[MIB]);
      rig.write((1L << 45) - MIB, new byte[MIB]);
      assertThat(memory.residentBytes()).isEqualTo(2 * MIB);
      memory.resize(MIB);
      assertThat(memory.residentBytes()).isEqualTo(MIB);
      assertThatThrownBy(() -> memory.resize(1L << 51)).hasMessageContaining("at most");
      assertThatThrownBy(() -> memory.resize(Backend.SIZE_AS_FOUND))
          .hasMessageContaining("multiple");
    }
  }

  @Test
  void storageThatForgetsHasAnySize() throws Exception {
    try (NullBackend nothing = new NullBackend(MIB, 4096)) {
      assertThat(nothing.resize(4096).sizeBytes()).isEqualTo(4096);
      assertThat(nothing.geometry().sizeBytes()).isEqualTo(4096);
      assertThatThrownBy(() -> nothing.resize(4097)).isInstanceOf(Problem.class);
    }
  }

  static Stream<TransportKind> transports() {
    return Stream.of(TransportKind.values()).filter(TransportKind::available);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theFileItselfGrowsAndShrinks(TransportKind transport) throws Exception {
    assumeTrue(LibC.available(), "SKIPPED: no native access here");
    Path file = Path.of(path());
    try (Backend backend = Backends.open(BackendOptions.file(path(), MIB, BLOCK), transport)) {
      backend.resize(3 * MIB);
      assertThat(Files.size(file)).isEqualTo(3 * MIB);
      backend.resize(BLOCK);
      assertThat(Files.size(file)).isEqualTo(BLOCK);
      Files.write(file, new byte[2 * MIB]);
      assertThat(backend.resize(Backend.SIZE_AS_FOUND).sizeBytes()).isEqualTo(2 * MIB);
      Files.write(file, new byte[1000]);
      assertThatThrownBy(() -> backend.resize(Backend.SIZE_AS_FOUND))
          .hasMessageContainingAll("path", "1000 bytes", "multiple");
      assertThat(backend.geometry().sizeBytes()).isEqualTo(2 * MIB);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aReadOnlyFileHasTheSizeItHas(TransportKind transport) throws Exception {
    assumeTrue(LibC.available(), "SKIPPED: no native access here");
    Files.write(Path.of(path()), new byte[MIB]);
    BackendOptions options = BackendOptions.file(path(), 0, BLOCK).with(Flag.READ_ONLY);
    try (Backend backend = Backends.open(options, transport)) {
      assertThatThrownBy(() -> backend.resize(2 * MIB))
          .hasMessageContainingAll("sizeBytes", "2097152", "the read-only file's 1048576");
      Files.write(Path.of(path()), new byte[2 * MIB]);
      assertThat(backend.resize(Backend.SIZE_AS_FOUND).sizeBytes()).isEqualTo(2 * MIB);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void spaceThatIsNotThereLeavesEverythingAsItWas(TransportKind transport) throws Exception {
    try (Storage small = Storage.tmpfs(folder, 4 * MIB)) {
      BackendOptions options =
          BackendOptions.file(small.path + "/f", MIB, BLOCK).with(Flag.PREALLOCATE);
      try (Rig rig = new Rig(Backends.open(options, transport), transport)) {
        rig.write(0, filled(MIB));
        assertThatThrownBy(() -> rig.backend.resize(8 * MIB))
            .hasMessageContainingAll("sizeBytes", "8388608", "no space left");
        assertThat(rig.backend.geometry().sizeBytes()).isEqualTo(MIB);
        assertThat(Files.size(Path.of(small.path + "/f"))).isEqualTo(MIB);
        assertThat(rig.read(0, MIB)).isEqualTo(filled(MIB));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aDeviceThatGrewIsTakenAsItIs(TransportKind transport) throws Exception {
    try (Storage device = Storage.loopDevice(folder, MIB, BLOCK);
        Rig rig =
            new Rig(
                Backends.open(BackendOptions.block(device.path, BLOCK), transport), transport)) {
      rig.write(0, filled(MIB));
      device.resize(2 * MIB);
      assertThatThrownBy(() -> rig.backend.resize(3 * MIB))
          .hasMessageContainingAll("sizeBytes", "3145728", "the device's 2097152");
      assertThat(status(rig, 0, IoRequest.READ, MIB)).isEqualTo(RANGE);
      assertThat(rig.backend.resize(Backend.SIZE_AS_FOUND).sizeBytes()).isEqualTo(2 * MIB);
      assertThat(rig.read(1, MIB, MIB)).isEqualTo(new byte[MIB]);
      device.resize(MIB);
      assertThat(rig.backend.resize(Backend.SIZE_AS_FOUND).sizeBytes()).isEqualTo(MIB);
      assertThat(status(rig, 1, IoRequest.WRITE, MIB)).isEqualTo(RANGE);
      assertThat(rig.read(0, MIB)).isEqualTo(filled(MIB));
    }
  }

  @Test
  void storageOfAFixedSizeSaysSo() throws IOException {
    try (Backend recorded = new RecordingBackend(new MemoryBackend(MIB, BLOCK))) {
      assertThatThrownBy(() -> recorded.resize(2 * MIB))
          .isInstanceOf(Problem.class)
          .hasMessageContainingAll("sizeBytes", "recorded memory", "fixed");
    }
  }

  /** Writes at random places on both shards, several at once, until told to stop. */
  private static final class Load {
    private static final int DEPTH = 8;
    private static final int MORE = 200;
    private static final int WAIT_SECONDS = 30;

    final AtomicInteger done = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    final AtomicReference<String> other = new AtomicReference<>("");
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Rig rig;
    private final int sizeBytes;

    Load(Rig rig, int sizeBytes) {
      this.rig = rig;
      this.sizeBytes = sizeBytes;
    }

    void start() {
      long seed = System.nanoTime();
      System.out.println("seed " + seed);
      for (int i = 0; i < 2 * DEPTH; i++) {
        Random random = new Random(seed + i);
        underWay.incrementAndGet();
        next(i % 2, random);
      }
    }

    private void next(int shard, Random random) {
      int blocks = 1 + random.nextInt(64);
      long offset = (long) random.nextInt(sizeBytes / BLOCK - blocks) * BLOCK;
      rig.submit(shard, new Write(this, shard, random, offset, blocks * BLOCK));
    }

    void ended(int shard, Random random, int status) {
      if (status == Status.SUCCESS) {
        done.incrementAndGet();
      } else if (status == RANGE) {
        refused.incrementAndGet();
      } else {
        other.set(Integer.toHexString(status));
      }
      if (stopped.get()) {
        underWay.decrementAndGet();
      } else {
        next(shard, random);
      }
    }

    /** Waits until so many more have ended. */
    void awaitMore() throws InterruptedException {
      int until = done.get() + refused.get() + MORE;
      await(() -> done.get() + refused.get() >= until);
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      await(() -> underWay.get() == 0);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime()).as("the load goes on").isLessThan(end);
        Thread.sleep(1);
      }
    }
  }

  private static final class Write extends TestRequest {
    private final Load load;
    private final int shard;
    private final Random random;

    Write(Load load, int shard, Random random, long offset, int length) {
      super(length);
      this.load = load;
      this.shard = shard;
      this.random = random;
      op = WRITE;
      offsetBytes = offset;
      lengthBytes = length;
      memory.put(0, filled(length));
    }

    @Override
    public void complete(int outcome) {
      super.complete(outcome);
      load.ended(shard, random, outcome);
    }
  }
}
