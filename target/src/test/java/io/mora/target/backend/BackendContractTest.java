package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.TransportKind;
import io.mora.protocol.status.Status;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.delay.DeviceProfile;
import io.mora.target.backend.memory.MemoryBackend;
import io.mora.target.backend.stripe.StripeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every storage must do, on every kind of loop, with both block sizes. */
class BackendContractTest {
  private static final int SIZE_BYTES = 8 << 20;

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** One permutation. */
  record Case(String storage, TransportKind transport, int blockBytes) {}

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (int block : new int[] {512, 4096}) {
      cases.add(new Case("memory", TransportKind.NIO, block));
      cases.add(new Case("delay", TransportKind.NIO, block));
      cases.add(new Case("recording", TransportKind.NIO, block));

      for (TransportKind transport : TransportKind.values()) {
        cases.add(new Case("file", transport, block));
        cases.add(new Case("buffered", transport, block));
        cases.add(new Case("stripe", transport, block));
        cases.add(new Case("tmpfs", transport, block));
        cases.add(new Case("block512", transport, block));
        cases.add(new Case("block4096", transport, block));
      }
    }
    return cases.stream();
  }

  private Rig rig(Case which) throws Exception {
    TransportKind transport = which.transport();
    assumeTrue(transport.available(), () -> "SKIPPED: " + transport.unavailableReason());
    Rig rig = new Rig(open(which), transport);
    opened.add(0, rig);
    return rig;
  }

  private Backend open(Case which) throws Exception {
    int block = which.blockBytes();
    TransportKind transport = which.transport();
    String path = folder.resolve("storage").toString();
    BackendOptions file = BackendOptions.file(path, SIZE_BYTES, block);
    return switch (which.storage()) {
      case "memory" -> new MemoryBackend(SIZE_BYTES, block);
      case "delay" ->
          new DelayBackend(new MemoryBackend(SIZE_BYTES, block), DeviceProfile.fixed(8, 20_000));
      case "recording" -> new RecordingBackend(new MemoryBackend(SIZE_BYTES, block));
      case "file" -> Backends.open(file, transport);
      case "buffered" -> Backends.open(file.with(BackendOptions.DirectIo.OFF), transport);
      case "stripe" -> {
        List<Backend> members = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          BackendOptions member = BackendOptions.file(path + i, SIZE_BYTES / 4, block);
          members.add(Backends.open(member.inPieces(), transport));
        }
        yield StripeBackend.of(members, 16 << 10);
      }
      case "tmpfs" -> {
        Storage small = keep(Storage.tmpfs(folder, 2L * SIZE_BYTES));
        yield Backends.open(BackendOptions.file(small.path + "/f", SIZE_BYTES, block), transport);
      }
      default -> {
        int sector = Integer.parseInt(which.storage().substring("block".length()));
        Storage device = keep(Storage.loopDevice(folder, SIZE_BYTES, sector));
        yield Backends.open(BackendOptions.block(device.path, block), transport);
      }
    };
  }

  private Storage keep(Storage storage) {
    opened.add(storage);
    return storage;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsWhatWasWrittenAndZeroesElsewhere(Case which) throws Exception {
    Rig rig = rig(which);
    int block = which.blockBytes();
    Random random = random();
    byte[] one = bytes(random, block);
    byte[] many = bytes(random, 128 << 10);
    byte[] last = bytes(random, block);
    rig.write(block, one);
    rig.write(1 << 20, many);
    assertThat(rig.run(TestRequest.write(SIZE_BYTES - block, last).fua())).isZero();
    assertThat(rig.run(IoRequest.FLUSH, 0, 0)).isZero();

    assertThat(rig.read(0, block)).isEqualTo(new byte[block]);
    assertThat(rig.read(block, block)).isEqualTo(one);
    assertThat(rig.read(1, 1 << 20, many.length)).isEqualTo(many);
    assertThat(rig.read(1, SIZE_BYTES - block, block)).isEqualTo(last);
    assertThat(rig.read(2 << 20, 1 << 20)).isEqualTo(new byte[1 << 20]);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void zeroesAndHolesReadAsZeroesAndTouchNothingElse(Case which) throws Exception {
    Rig rig = rig(which);
    int block = which.blockBytes();
    for (int way = 0; way < 4; way++) {
      byte[] all = bytes(random(), 2 << 20);
      rig.write(0, all);
      TestRequest zero =
          TestRequest.of(
              way == 0 ? IoRequest.DEALLOCATE : IoRequest.WRITE_ZEROES,
              3L * block,
              (1 << 20) + block);
      zero.mayDeallocate = way == 2;
      zero.forceUnitAccess = way == 3;
      assertThat(rig.run(zero)).isZero();
      if (way > 0 || rig.backend.geometry().deallocates()) {
        Arrays.fill(all, 3 * block, (1 << 20) + 4 * block, (byte) 0);
      }
      assertThat(rig.read(0, all.length)).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusesWhatLiesOutside(Case which) throws Exception {
    Rig rig = rig(which);
    int block = which.blockBytes();
    int range = Status.LBA_OUT_OF_RANGE | Status.DNR;
    assertThat(rig.run(IoRequest.READ, SIZE_BYTES, block)).isEqualTo(range);
    assertThat(rig.run(IoRequest.WRITE, SIZE_BYTES - block, 2L * block)).isEqualTo(range);
    assertThat(rig.run(IoRequest.DEALLOCATE, Long.MAX_VALUE - block + 1, block)).isEqualTo(range);
    assertThat(rig.run(IoRequest.WRITE_ZEROES, -block, block)).isEqualTo(range);
    assertThat(rig.run(IoRequest.READ, 1, block)).isEqualTo(Status.INVALID_FIELD | Status.DNR);
    assertThat(rig.run(99, 0, block)).isEqualTo(Status.INVALID_OPCODE | Status.DNR);
    assertThat(rig.run(IoRequest.WRITE, 0, 0)).isZero();
    assertThat(rig.run(IoRequest.DEALLOCATE, 0, 0)).isZero();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void randomOperationsAtDepth64AgreeWithAModel(Case which) throws Exception {
    Rig rig = rig(which);
    Traffic traffic = new Traffic(rig, random(), which.blockBytes());
    rig.shard(0).execute(traffic::fill);
    assertThat(traffic.outcome.get(60, TimeUnit.SECONDS)).isEqualTo("ok");
    assertThat(rig.read(0, SIZE_BYTES)).isEqualTo(traffic.model);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leavesNoDescriptorBehind(Case which) throws Exception {
    rig(which);
    closeAll();
    opened.clear();
    long before = descriptors();
    rig(which);
    assertThat(descriptors()).isGreaterThan(before);
    closeAll();
    opened.clear();
    assertThat(descriptors()).isLessThanOrEqualTo(before);
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      // Pipes to the commands that made devices are closed when the JDK's reaper gets to it.
      return open.filter(each -> !leadsTo(each).startsWith("pipe:")).count();
    }
  }

  private static String leadsTo(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "pipe: or gone meanwhile";
    }
  }

  private static Random random() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    return new Random(seed);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Keeps 64 operations under way, no two on one block, and checks every read. */
  private static final class Traffic {
    private static final int DEPTH = 64;
    private static final int OPERATIONS = 1500;
    private static final int BLOCKS_MAX = 16;
    private static final int[] KINDS = {
      IoRequest.READ, IoRequest.WRITE, IoRequest.WRITE_ZEROES, IoRequest.DEALLOCATE
    };

    final byte[] model = new byte[SIZE_BYTES];
    final CompletableFuture<String> outcome = new CompletableFuture<>();
    private final Rig rig;
    private final Random random;
    private final int block;
    private final BitSet busy = new BitSet();
    private int started;
    private int underWay;

    Traffic(Rig rig, Random random, int block) {
      this.rig = rig;
      this.random = random;
      this.block = block;
    }

    void fill() {
      try {
        submitMore();
      } catch (RuntimeException | AssertionError e) {
        outcome.completeExceptionally(e);
      }
    }

    private void submitMore() {
      while (underWay < DEPTH && started < OPERATIONS && !outcome.isDone()) {
        started++;
        underWay++;
        Operation next = next();
        if (next != null) {
          rig.queue(0).submit(next);
        } else {
          underWay--;
        }
      }
      if (underWay == 0 && started == OPERATIONS) {
        outcome.complete("ok");
      }
    }

    private @Nullable Operation next() {
      int first = random.nextInt(SIZE_BYTES / block - BLOCKS_MAX);
      int blocks = 1 + random.nextInt(BLOCKS_MAX);
      int found = busy.nextSetBit(first);
      if (found >= 0 && found < first + blocks) {
        return null;
      }
      // Flushes are slow on a real disk, and one in so many already meets every other operation.
      int op = random.nextInt(32) == 0 ? IoRequest.FLUSH : KINDS[random.nextInt(KINDS.length)];
      busy.set(first, first + blocks);
      return new Operation(op, first, blocks);
    }

    private final class Operation extends TestRequest {
      private final int first;
      private final int blocks;

      Operation(int op, int first, int blocks) {
        super(blocks * block);
        this.op = op;
        this.first = first;
        this.blocks = blocks;
        offsetBytes = op == FLUSH ? 0 : (long) first * block;
        lengthBytes = op == FLUSH ? 0 : (long) blocks * block;
        forceUnitAccess = random.nextInt(32) == 0;
        mayDeallocate = random.nextBoolean();
        if (op == WRITE) {
          memory.put(0, BackendContractTest.bytes(random, blocks * block));
        }
      }

      @Override
      public void complete(int outcomeStatus) {
        super.complete(outcomeStatus);
        int from = (int) offsetBytes;
        int to = from + (int) lengthBytes;
        String seen = "op " + op + " at " + from + " of " + lengthBytes;
        if (outcomeStatus != Status.SUCCESS) {
          outcome.complete(seen + ": status " + Integer.toHexString(outcomeStatus));
        } else if (op == WRITE) {
          System.arraycopy(bytes(), 0, model, from, to - from);
        } else if (op == WRITE_ZEROES
            || (op == DEALLOCATE && rig.backend.geometry().deallocates())) {
          Arrays.fill(model, from, to, (byte) 0);
        } else if (op == READ && !Arrays.equals(bytes(), Arrays.copyOfRange(model, from, to))) {
          outcome.complete(seen + ": other bytes than the model");
        }
        busy.clear(first, first + blocks);
        underWay--;
        rig.shard(0).execute(Traffic.this::fill);
      }
    }
  }
}
