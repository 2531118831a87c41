package io.mora.target.backend.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.storage.FaultSpec;
import io.mora.protocol.admin.storage.FaultSpec.Operation;
import io.mora.protocol.admin.storage.FaultSpec.Rule;
import io.mora.protocol.admin.storage.FaultSpec.What;
import io.mora.protocol.admin.storage.FaultSpec.When;
import io.mora.protocol.admin.storage.FaultSpec.Where;
import io.mora.protocol.net.TransportKind;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.Rig;
import io.mora.target.backend.TestRequest;
import io.mora.target.backend.memory.MemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which operations are hit, and what becomes of them. */
class FaultBackendTest {
  private static final int BLOCK = 512;
  private static final int MIB = 1 << 20;
  private static final int BAD = Status.UNRECOVERED_READ_ERROR | Status.DNR;
  private static final What FAILS = new What(BAD, Duration.ZERO, false);

  private final List<Rig> rigs = new ArrayList<>();

  private Rig rig(int seed, Rule... rules) throws Exception {
    FaultSpec spec = new FaultSpec(seed, List.of(rules));
    assertThat(spec.problems("faults")).isEmpty();
    Rig rig = new Rig(new FaultBackend(new MemoryBackend(MIB, BLOCK), spec), TransportKind.NIO);
    rigs.add(rig);
    return rig;
  }

  @AfterEach
  void close() {
    rigs.forEach(Rig::close);
  }

  private static Where of(Operation... operations) {
    return new Where(Set.of(operations), 0, 0);
  }

  /** Numbers of the operations that were hit, of so many reads of one block. */
  private static List<Integer> hits(Rig rig, int reads) throws Exception {
    List<Integer> hit = new ArrayList<>();
    for (int i = 0; i < reads; i++) {
      int status = rig.submit(i % 2, TestRequest.of(IoRequest.READ, 0, BLOCK)).await();
      if (status != Status.SUCCESS) {
        assertThat(status).isEqualTo(BAD);
        hit.add(i);
      }
    }
    return hit;
  }

  @Test
  void aBadRangeIsMetByAllThatTouchesItAndNothingElse() throws Exception {
    Rig rig = rig(1, new Rule(new Where(Set.of(Operation.READ), 8, 4), When.ALWAYS, FAILS));
    rig.write(0, new byte[MIB]);
    assertThat(rig.run(IoRequest.READ, 7 * BLOCK, BLOCK)).isZero();
    assertThat(rig.run(IoRequest.READ, 7 * BLOCK, 2 * BLOCK)).isEqualTo(BAD);
    assertThat(rig.run(IoRequest.READ, 11 * BLOCK, BLOCK)).isEqualTo(BAD);
    assertThat(rig.run(IoRequest.READ, 0, MIB)).isEqualTo(BAD);
    assertThat(rig.run(IoRequest.READ, 12 * BLOCK, BLOCK)).isZero();
    assertThat(rig.run(IoRequest.WRITE, 8 * BLOCK, BLOCK)).isZero();
    assertThat(rig.run(IoRequest.FLUSH, 0, 0)).isZero();
  }

  @Test
  void everyKindOfOperationCanBeHitAndAFlushOnlyByRulesAboutAllBlocks() throws Exception {
    Map<Operation, Integer> ops =
        Map.of(
            Operation.READ, IoRequest.READ,
            Operation.WRITE, IoRequest.WRITE,
            Operation.FLUSH, IoRequest.FLUSH,
            Operation.ZERO, IoRequest.WRITE_ZEROES,
            Operation.DEALLOCATE, IoRequest.DEALLOCATE);
    for (Operation operation : Operation.values()) {
      Rig rig = rig(1, new Rule(of(operation), When.ALWAYS, FAILS));
      for (int op : ops.values()) {
        int length = op == IoRequest.FLUSH ? 0 : BLOCK;
        boolean its = Objects.equals(ops.get(operation), op);
        assertThat(rig.run(op, 0, length)).as("%s of %s", op, operation).isEqualTo(its ? BAD : 0);
      }
    }
    Rig ranged = rig(1, new Rule(new Where(Set.of(), 0, 4), When.ALWAYS, FAILS));
    assertThat(ranged.run(IoRequest.FLUSH, 0, 0)).isZero();
    assertThat(ranged.run(IoRequest.DEALLOCATE, 0, BLOCK)).isEqualTo(BAD);
  }

  @Test
  void countsOnAllShardsTogether() throws Exception {
    Rule third = new Rule(of(Operation.READ), new When(0, 3, false, 0), FAILS);
    assertThat(hits(rig(1, third), 10)).containsExactly(2, 5, 8);
    Rule later = new Rule(of(Operation.READ), new When(4, 2, false, 2), FAILS);
    assertThat(hits(rig(1, later), 20)).as("skip 4, every 2nd, twice").containsExactly(5, 7);
  }

  @Test
  void whatIsDrawnFollowsFromTheSeed() throws Exception {
    Rule some = new Rule(of(Operation.READ), new When(0, 10, true, 0), FAILS);
    List<Integer> first = hits(rig(7, some), 400);
    assertThat(hits(rig(7, some), 400)).isEqualTo(first);
    assertThat(hits(rig(8, some), 400)).isNotEqualTo(first);
    assertThat(first.size()).as("about one in ten").isBetween(20, 70);
    assertThat(hits(rig(7, some, some), 400).size())
        .as("rules draw apart from each other")
        .isGreaterThan(first.size());
  }

  @Test
  void theFirstRuleThatIsDueDecides() throws Exception {
    What other = new What(Status.WRITE_FAULT, Duration.ZERO, false);
    Rig rig =
        rig(
            1,
            new Rule(Where.EVERYWHERE, new When(0, 1, false, 1), FAILS),
            new Rule(Where.EVERYWHERE, When.ALWAYS, other));
    assertThat(rig.run(IoRequest.WRITE, 0, BLOCK)).isEqualTo(BAD);
    assertThat(rig.run(IoRequest.WRITE, 0, BLOCK)).isEqualTo(Status.WRITE_FAULT);
  }

  @Test
  void aFailedWriteIsNotDone() throws Exception {
    Rig rig = rig(1, new Rule(of(Operation.WRITE), When.ALWAYS, FAILS));
    byte[] bytes = new byte[BLOCK];
    Arrays.fill(bytes, (byte) 1);
    assertThat(rig.run(TestRequest.write(0, bytes))).isEqualTo(BAD);
    assertThat(rig.read(0, BLOCK)).isEqualTo(new byte[BLOCK]);
  }

  @Test
  void whatIsImpossibleMeetsNoRule() throws Exception {
    Rig rig = rig(1, new Rule(Where.EVERYWHERE, new When(0, 1, false, 1), FAILS));
    assertThat(rig.run(IoRequest.READ, MIB, BLOCK)).isEqualTo(Status.LBA_OUT_OF_RANGE | Status.DNR);
    assertThat(rig.run(IoRequest.READ, 0, BLOCK)).as("the rule is not spent").isEqualTo(BAD);
  }

  @Test
  void aStalledOperationIsHeldCountedAndThenDone() throws Exception {
    What stalls = new What(Status.SUCCESS, Duration.ofMillis(50), false);
    Rig rig = rig(1, new Rule(of(Operation.READ), new When(0, 1, false, 1), stalls));
    TestRequest stalled = TestRequest.of(IoRequest.READ, 0, BLOCK);
    TestRequest next = TestRequest.of(IoRequest.READ, 0, BLOCK);
    long start = System.nanoTime();
    rig.onShard(
        0,
        () -> {
          rig.queue(0).submit(stalled);
          rig.queue(0).submit(next);
          assertThat(stalled.status).isNotDone();
          assertThat(next.status).isDone();
          assertThat(rig.queue(0).inFlight()).isEqualTo(1);
          return true;
        });
    assertThat(stalled.await()).isZero();
    // At least: how much later is the machine's business.
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
  }

  @Test
  void aTornWriteLeavesAPartFromTheFirstBlockOnAndSaysWhatTheRuleSays() throws Exception {
    int blocks = 64;
    byte[] bytes = new byte[blocks * BLOCK];
    Arrays.fill(bytes, (byte) 1);
    for (int status : new int[] {Status.SUCCESS, Status.WRITE_FAULT}) {
      What torn = new What(status, Duration.ZERO, true);
      Rig rig = rig(3, new Rule(of(Operation.WRITE), When.ALWAYS, torn));
      List<Integer> kept = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        long at = (long) i * bytes.length;
        assertThat(rig.run(TestRequest.write(at, bytes))).isEqualTo(status);
        byte[] read = rig.read(at, bytes.length);
        int length = 0;
        while (length < read.length && read[length] == 1) {
          length++;
        }
        assertThat(length % BLOCK).as("blocks are whole or not there").isZero();
        assertThat(Arrays.copyOfRange(read, length, read.length))
            .isEqualTo(new byte[read.length - length]);
        kept.add(length / BLOCK);
      }
      assertThat(kept).allMatch(each -> each < blocks);
      assertThat(Set.copyOf(kept)).as("not always the same part").hasSizeGreaterThan(2);
    }
  }

  @Test
  void aTornSingleBlockIsLost() throws Exception {
    What torn = new What(Status.SUCCESS, Duration.ZERO, true);
    Rig rig = rig(1, new Rule(of(Operation.WRITE), When.ALWAYS, torn));
    byte[] bytes = new byte[BLOCK];
    Arrays.fill(bytes, (byte) 1);
    assertThat(rig.run(TestRequest.write(0, bytes))).isZero();
    assertThat(rig.read(0, BLOCK)).isEqualTo(new byte[BLOCK]);
  }

  @Test
  void statusesAreReadAsTheyAreWritten() {
    for (int status : new int[] {BAD, Status.WRITE_FAULT, Status.INTERNAL_ERROR, 0x7FF}) {
      assertThat(FaultSpec.parseStatus(FaultSpec.formatStatus(status))).isEqualTo(status);
    }
    assertThat(FaultSpec.formatStatus(Status.INTERNAL_ERROR | Status.DNR)).isEqualTo("0/06 dnr");
  }
}
