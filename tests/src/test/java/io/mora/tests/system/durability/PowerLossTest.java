package io.mora.tests.system.durability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.IoOptions;
import io.mora.protocol.data.IdentifyController;
import io.mora.target.backend.Backend;
import io.mora.target.backend.Backends;
import io.mora.target.backend.RecordingBackend;
import io.mora.target.backend.RecordingBackend.Event;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.delay.DeviceProfile;
import io.mora.target.backend.delay.OperationTime;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.Pattern;
import io.mora.tests.kit.spec.Covers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power goes at every moment: after each event of the storage's log, with what no Flush or FUA
 * covered lost, wholly or at random, the medium must still hold all that the host had been told is
 * durable. From the host's API through the whole target.
 */
@Tag("durability")
@Covers("durable")
class PowerLossTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 256;
  private static final int SIZE = BLOCK * BLOCKS;
  private static final int ROUNDS = 300;
  private static final int DEPTH = 8;

  @RegisterExtension final Evidence evidence = new Evidence();

  /** Known at the host once the log had so many events: this block is at least this durable. */
  private record Fact(int logged, int block, long stamp) {}

  private final AtomicReference<RecordingBackend> recording = new AtomicReference<>();
  private final List<Fact> durable = new ArrayList<>();
  private final List<Fact> plain = new ArrayList<>();
  private final long[] acknowledged = new long[BLOCKS];
  private final long[] flying = new long[BLOCKS];
  private long nextStamp = 1;

  @ParameterizedTest(name = "{0} shards")
  @ValueSource(ints = {1, 2})
  void allThatWasDurableSurvives(int shards) {
    long seed = evidence.seed();
    Served served = Served.on(shards).withMemory(SIZE, BLOCK);
    TargetFixture target =
        evidence.closing(
            TargetFixture.start(
                served.listening(0),
                (options, transport) -> record(Backends.open(options, transport), seed)));
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    Association association =
        host.connect(InitiatorFixture.persistent(target.address()).queues(2).build());
    assertThat(association.identify().value(IdentifyController.Field.VWC)).as("VWC").isOdd();
    drive(association.namespace(1), new SplittableRandom(seed));

    List<Event> log = log();
    assertThat(durable).hasSizeGreaterThan(ROUNDS);
    SplittableRandom random = new SplittableRandom(seed);
    int lost = 0;
    for (int prefix = 0; prefix <= log.size(); prefix++) {
      List<Event> events = log.subList(0, prefix);
      byte[] medium = RecordingBackend.mediumAfter(events, event -> false, SIZE);
      assertHolds(medium, prefix, durable);
      assertHolds(
          RecordingBackend.mediumAfter(events, event -> random.nextBoolean(), SIZE),
          prefix,
          durable);
      lost += missing(medium, prefix, plain);
    }
    assertThat(lost).as("writes that were only in the cache and must be gone").isPositive();
    System.out.println(
        "durability: "
            + log.size()
            + " events, "
            + durable.size()
            + " durable facts, power lost "
            + (2 * log.size() + 2)
            + " times");
  }

  /** Slow at random, so that commands overtake each other. */
  private Backend record(Backend memory, long seed) {
    OperationTime time = OperationTime.fixed(20_000).withSpread(400_000).withSlow(0.05, 2_000_000);
    RecordingBackend log =
        new RecordingBackend(
            new DelayBackend(memory, new DeviceProfile(64, time, time, time, seed)));
    recording.set(log);
    return log;
  }

  private List<Event> log() {
    return Objects.requireNonNull(recording.get()).log();
  }

  /** Several commands at once on blocks of their own, then often a Flush while others go on. */
  private void drive(RemoteNamespace namespace, SplittableRandom random) {
    List<CompletableFuture<?>> under = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      for (int j = 0; j < DEPTH; j++) {
        int block = random.nextInt(BLOCKS);
        if (begin(block)) {
          under.add(write(namespace, block, random.nextInt(4) == 0));
        }
      }
      if (random.nextInt(3) == 0) {
        under.add(flush(namespace));
      }
      if (under.size() > 4 * DEPTH || random.nextInt(4) == 0) {
        under.forEach(Waiting::get);
        under.clear();
      }
    }
    under.forEach(Waiting::get);
  }

  private synchronized boolean begin(int block) {
    if (flying[block] != 0) {
      return false;
    }
    flying[block] = nextStamp++;
    return true;
  }

  private CompletableFuture<?> write(RemoteNamespace namespace, int block, boolean fua) {
    ByteBuffer data = ByteBuffer.allocateDirect(BLOCK);
    long stamp = flying[block];
    Pattern.fill(data, block, 1, BLOCK, stamp);
    return namespace
        .write(block, 1, data, new IoOptions().fua(fua))
        .thenRun(() -> written(block, stamp, fua))
        .toCompletableFuture();
  }

  private synchronized void written(int block, long stamp, boolean fua) {
    (fua ? durable : plain).add(new Fact(log().size(), block, stamp));
    acknowledged[block] = stamp;
    flying[block] = 0;
  }

  /** What had been acknowledged when the Flush was submitted is durable when it ends. */
  private CompletableFuture<?> flush(RemoteNamespace namespace) {
    long[] covered;
    synchronized (this) {
      covered = acknowledged.clone();
    }
    return namespace.flush().thenRun(() -> flushed(covered)).toCompletableFuture();
  }

  private synchronized void flushed(long[] covered) {
    int logged = log().size();
    for (int block = 0; block < BLOCKS; block++) {
      if (covered[block] != 0) {
        durable.add(new Fact(logged, block, covered[block]));
      }
    }
  }

  private static void assertHolds(byte[] medium, int prefix, List<Fact> facts) {
    for (Fact fact : facts) {
      long found = fact.logged() <= prefix ? stamp(medium, fact.block()) : Long.MAX_VALUE;
      if (found < fact.stamp()) {
        throw new AssertionError(
            fact + " had been durable, but " + found + " is there after " + prefix + " events");
      }
    }
  }

  private static int missing(byte[] medium, int prefix, List<Fact> facts) {
    int missing = 0;
    for (Fact fact : facts) {
      if (fact.logged() <= prefix && stamp(medium, fact.block()) < fact.stamp()) {
        missing++;
      }
    }
    return missing;
  }

  /** The first word of a block is its stamp; a block is written whole. */
  private static long stamp(byte[] medium, int block) {
    return ByteBuffer.wrap(medium).order(ByteOrder.LITTLE_ENDIAN).getLong(block * BLOCK);
  }
}
