package io.mora.target.backend.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.net.TransportKind;
import io.mora.protocol.status.Status;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.Rig;
import io.mora.target.backend.TestRequest;
import io.mora.target.backend.memory.MemoryBackend;
import io.mora.target.shard.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Which member has what, and what becomes of operations that several have a part of. */
class StripeBackendTest {
  private static final int BLOCK = 512;
  private static final int CHUNK = 4096;
  private static final int MEMBER = 1 << 20;
  private static final int SIZE = 3 * MEMBER;

  private final List<Member> members = new ArrayList<>();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();

  private StripeBackend stripe() throws Problem {
    for (int i = 0; i < 3; i++) {
      members.add(new Member(i));
    }
    return StripeBackend.of(List.copyOf(members), CHUNK);
  }

  @Test
  void everyByteHasOnePlaceAndRangesOfAMemberAreWhatItHasOfThem() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      StripeLayout layout = new StripeLayout(2 + random.nextInt(7), 512L << random.nextInt(5));
      long offset = random.nextInt(1 << 20);
      long stripes = offset / layout.stripeBytes();
      int member = layout.memberOf(offset);
      long back =
          stripes * layout.stripeBytes()
              + member * layout.chunkBytes()
              + layout.offsetIn(offset) % layout.chunkBytes();
      assertThat(back).isEqualTo(offset);
      assertThat(layout.offsetIn(offset) / layout.chunkBytes()).isEqualTo(stripes);
      assertThat(layout.before(member, offset)).isEqualTo(layout.offsetIn(offset));
      long sum = 0;
      for (int i = 0; i < layout.members(); i++) {
        sum += layout.before(i, offset);
      }
      assertThat(sum).as("what lies before it lies on some member").isEqualTo(offset);
    }
  }

  @Test
  void anOperationIsCutAtTheEndsOfChunks() throws Exception {
    try (Rig rig = new Rig(stripe(), TransportKind.NIO)) {
      byte[] bytes = new byte[2 * CHUNK];
      new Random(1).nextBytes(bytes);
      assertThat(rig.run(TestRequest.write(2 * CHUNK + BLOCK, bytes))).isZero();
      assertThat(log)
          .containsExactly("2: 2 at 512 of 3584", "0: 2 at 4096 of 4096", "1: 2 at 4096 of 512");
      assertThat(rig.read(1, 2 * CHUNK + BLOCK, bytes.length)).isEqualTo(bytes);
      assertThat(rig.read(2 * CHUNK, BLOCK)).isEqualTo(new byte[BLOCK]);
      assertThat(rig.read(4 * CHUNK + BLOCK, BLOCK)).isEqualTo(new byte[BLOCK]);
    }
  }

  @Test
  void aFlushReachesEveryMemberAndForceUnitAccessEveryPiece() throws Exception {
    try (Rig rig = new Rig(stripe(), TransportKind.NIO)) {
      assertThat(rig.run(IoRequest.FLUSH, 0, 0)).isZero();
      assertThat(log).containsExactly("0: 3 at 0 of 0", "1: 3 at 0 of 0", "2: 3 at 0 of 0");
      log.clear();
      assertThat(rig.run(TestRequest.write(0, new byte[2 * CHUNK]).fua())).isZero();
      assertThat(log).containsExactly("0: 2 at 0 of 4096 fua", "1: 2 at 0 of 4096 fua");
    }
  }

  @Test
  void whatMovesNoDataIsOneOperationForEachMember() throws Exception {
    try (Rig rig = new Rig(stripe(), TransportKind.NIO)) {
      byte[] ones = new byte[SIZE];
      Arrays.fill(ones, (byte) 1);
      rig.write(0, ones);
      log.clear();
      int from = CHUNK + BLOCK;
      int length = SIZE - CHUNK - 2 * BLOCK;
      assertThat(rig.run(IoRequest.DEALLOCATE, from, length)).isZero();
      assertThat(log)
          .containsExactly(
              "0: 5 at 4096 of 1044480", "1: 5 at 512 of 1048064", "2: 5 at 0 of 1048064");
      Arrays.fill(ones, from, from + length, (byte) 0);
      assertThat(rig.read(0, SIZE)).isEqualTo(ones);
    }
  }

  @Test
  void oneFailureIsTheWholesAfterAllOthersHaveEnded() throws Exception {
    try (Rig rig = new Rig(stripe(), TransportKind.NIO)) {
      members.get(1).status = Status.WRITE_FAULT;
      assertThat(rig.run(TestRequest.write(0, new byte[3 * CHUNK]))).isEqualTo(Status.WRITE_FAULT);
      assertThat(log).as("the others are done").hasSize(3);
      assertThat(rig.run(TestRequest.write(0, new byte[CHUNK]))).isZero();
      assertThat(rig.run(IoRequest.FLUSH, 0, 0)).isEqualTo(Status.WRITE_FAULT);
    }
  }

  @Test
  void growsAndShrinksByWholeStripesAndGoesBackIfAMemberCannot() throws Exception {
    StripeBackend stripe = stripe();
    try (Rig rig = new Rig(stripe, TransportKind.NIO)) {
      assertThat(stripe.resize(2L * SIZE).sizeBytes()).isEqualTo(2L * SIZE);
      assertThat(rig.read(SIZE, SIZE)).isEqualTo(new byte[SIZE]);
      assertThatThrownBy(() -> stripe.resize(SIZE + CHUNK))
          .hasMessageContainingAll("sizeBytes", "" + (SIZE + CHUNK), "multiple of 12288");
      assertThatThrownBy(() -> stripe.resize(Backend.SIZE_AS_FOUND)).isInstanceOf(Problem.class);
      stripe.resize(SIZE);
      assertThat(rig.run(IoRequest.READ, SIZE, BLOCK))
          .isEqualTo(Status.LBA_OUT_OF_RANGE | Status.DNR);
      members.get(2).fixed = true;
      for (long size : new long[] {2L * SIZE, SIZE / 2}) {
        assertThatThrownBy(() -> stripe.resize(size)).hasMessage("fixed");
        assertThat(stripe.geometry().sizeBytes()).isEqualTo(SIZE);
        assertThat(members.get(0).geometry().sizeBytes()).isEqualTo(MEMBER);
      }
    }
  }

  @Test
  void refusesWhatCannotBeStriped() {
    Backend a = new MemoryBackend(MEMBER, BLOCK);
    Backend b = new MemoryBackend(2 * MEMBER, BLOCK);
    assertThatThrownBy(() -> StripeBackend.of(List.of(a, b), CHUNK))
        .isInstanceOf(Problem.class)
        .hasMessageContainingAll("paths[1]", "2097152", "one size", "1048576");
    assertThatThrownBy(() -> StripeBackend.of(List.of(a), CHUNK)).hasMessageContaining("2 to 32");
    assertThatThrownBy(() -> StripeBackend.of(List.of(a, a), 1000))
        .hasMessageContainingAll("chunk", "1000", "512");
    assertThatThrownBy(() -> StripeBackend.of(List.of(a, a), 3 * CHUNK))
        .hasMessageContainingAll("paths[0]", "multiple of chunk 12288");
  }

  /** Memory that notes what comes, and fails where it is told to. */
  private final class Member implements Backend {
    private final Backend inner = new MemoryBackend(MEMBER, BLOCK);
    private final int number;
    private volatile int status = Status.SUCCESS;
    private volatile boolean fixed;

    Member(int number) {
      this.number = number;
    }

    @Override
    public String description() {
      return "member";
    }

    @Override
    public BackendGeometry geometry() {
      return inner.geometry();
    }

    @Override
    public BackendGeometry resize(long sizeBytes) throws IOException {
      if (fixed) {
        throw new IOException("fixed");
      }
      return inner.resize(sizeBytes);
    }

    @Override
    public BackendQueue queue(Shard shard) {
      BackendQueue storage = inner.queue(shard);
      return new BackendQueue() {
        @Override
        public void submit(IoRequest request) {
          String fua = request.forceUnitAccess ? " fua" : "";
          log.add(
              number
                  + ": "
                  + request.op
                  + " at "
                  + request.offsetBytes
                  + " of "
                  + request.lengthBytes
                  + fua);
          if (status == Status.SUCCESS) {
            storage.submit(request);
          } else {
            request.complete(status);
          }
        }

        @Override
        public int inFlight() {
          return storage.inFlight();
        }

        @Override
        public void close() {
          storage.close();
        }
      };
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
