package io.mora.target.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.LiveSize;
import io.mora.target.backend.TestRequest;
import io.mora.target.backend.os.ErrnoStatus;
import io.mora.target.backend.os.LibC;
import io.mora.target.backend.os.ZeroPages;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes to the ring, and what becomes of its answers, against a ring made of a list. */
class UringQueueTest {
  private static final int BLOCK = 512;
  private static final long SIZE = 1L << 40;

  /** An entry as the ring gets it. */
  private record Entry(int opcode, long offset, long address, int length, int flags, short slot) {}

  private static final class ListRing implements UringQueue.Ring {
    final Deque<Entry> entries = new ArrayDeque<>();
    boolean closed;

    @Override
    public void submit(
        byte opcode, long offset, long address, int length, int opFlags, short slot) {
      entries.add(new Entry(opcode, offset, address, length, opFlags, slot));
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final ListRing ring = new ListRing();
  private UringQueue queue = queue(true);

  private UringQueue queue(boolean needsFlush) {
    BackendGeometry geometry = new BackendGeometry(SIZE, BLOCK, needsFlush, true, false, 8);
    return new UringQueue(new LiveSize(geometry), ring, needsFlush, BLOCK);
  }

  @BeforeEach
  void native64() {
    assumeTrue(LibC.available(), "SKIPPED: no native access here");
  }

  private Entry next() {
    return ring.entries.remove();
  }

  private void answer(Entry entry, int result) {
    queue.completed(entry.slot(), result);
  }

  private TestRequest submit(TestRequest request) {
    queue.submit(request);
    return request;
  }

  private static int status(TestRequest request) {
    assertThat(request.status).isDone();
    return request.status.join();
  }

  @Test
  void readIsOneEntryWithItsAddress() {
    TestRequest read = submit(TestRequest.of(IoRequest.READ, 5 * BLOCK, 8 * BLOCK));
    Entry entry = next();
    assertThat(entry.opcode()).isEqualTo(UringQueue.OP_READ);
    assertThat(entry.offset()).isEqualTo(5 * BLOCK);
    assertThat(entry.address()).isEqualTo(read.address);
    assertThat(entry.length()).isEqualTo(8 * BLOCK);
    assertThat(queue.inFlight()).isEqualTo(1);
    answer(entry, 8 * BLOCK);
    assertThat(status(read)).isZero();
    assertThat(queue.inFlight()).isZero();
  }

  @Test
  void shortTransfersGoOnFromAWholeUnit() {
    for (int op : new int[] {IoRequest.READ, IoRequest.WRITE}) {
      TestRequest request = submit(TestRequest.of(op, 0, 8 * BLOCK));
      answer(next(), 3 * BLOCK + 100);
      Entry rest = next();
      assertThat(rest.offset()).isEqualTo(3 * BLOCK);
      assertThat(rest.address()).isEqualTo(request.address + 3 * BLOCK);
      assertThat(rest.length()).isEqualTo(5 * BLOCK);
      assertThat(request.status).isNotDone();
      answer(rest, 5 * BLOCK);
      assertThat(status(request)).isZero();
    }
  }

  @Test
  void nothingMovedAnyMoreIsAMediaError() {
    TestRequest read = submit(TestRequest.of(IoRequest.READ, 0, BLOCK));
    answer(next(), 0);
    assertThat(status(read)).isEqualTo(Status.UNRECOVERED_READ_ERROR);
    TestRequest write = submit(TestRequest.of(IoRequest.WRITE, 0, BLOCK));
    answer(next(), 0);
    assertThat(status(write)).isEqualTo(Status.WRITE_FAULT);
  }

  @Test
  void interruptedIsTriedAgainButNotForEver() {
    TestRequest read = submit(TestRequest.of(IoRequest.READ, 0, BLOCK));
    for (int i = 0; i < UringQueue.RETRIES_MAX; i++) {
      answer(next(), i % 2 == 0 ? -ErrnoStatus.EAGAIN : -ErrnoStatus.EINTR);
      assertThat(read.status).isNotDone();
    }
    answer(next(), -ErrnoStatus.EAGAIN);
    assertThat(status(read)).isEqualTo(Status.INTERNAL_ERROR);
    assertThat(ring.entries).isEmpty();
  }

  @Test
  void forcedWriteAsksForDsyncAndNothingMore() {
    TestRequest write = submit(TestRequest.of(IoRequest.WRITE, 0, 2 * BLOCK).fua());
    Entry first = next();
    assertThat(first.flags()).isEqualTo(UringQueue.RWF_DSYNC);
    answer(first, BLOCK);
    Entry rest = next();
    assertThat(rest.flags()).isEqualTo(UringQueue.RWF_DSYNC);
    answer(rest, BLOCK);
    assertThat(status(write)).isZero();
    assertThat(ring.entries).isEmpty();
    submit(TestRequest.of(IoRequest.WRITE, 0, BLOCK));
    assertThat(next().flags()).isZero();
  }

  @Test
  void whereDsyncIsRefusedASyncFollowsTheWrite() {
    TestRequest write = submit(TestRequest.of(IoRequest.WRITE, 0, BLOCK).fua());
    answer(next(), -ErrnoStatus.EOPNOTSUPP);
    Entry plain = next();
    assertThat(plain.opcode()).isEqualTo(UringQueue.OP_WRITE);
    assertThat(plain.flags()).isZero();
    answer(plain, BLOCK);
    assertSync(write);
    // From now on it is known.
    TestRequest again = submit(TestRequest.of(IoRequest.WRITE, 0, BLOCK).fua());
    Entry known = next();
    assertThat(known.flags()).isZero();
    answer(known, BLOCK);
    assertSync(again);
  }

  private void assertSync(TestRequest request) {
    assertThat(request.status).isNotDone();
    Entry sync = next();
    assertThat(sync.opcode()).isEqualTo(UringQueue.OP_FSYNC);
    assertThat(sync.flags()).isEqualTo(UringQueue.FSYNC_DATASYNC);
    assertThat(request.status).isNotDone();
    answer(sync, 0);
    assertThat(status(request)).isZero();
  }

  @Test
  void aFailedSyncFailsTheForcedWriteAndTheFlush() {
    TestRequest zeroes = submit(TestRequest.of(IoRequest.WRITE_ZEROES, 0, BLOCK).fua());
    answer(next(), 0);
    answer(next(), -ErrnoStatus.EIO);
    assertThat(status(zeroes)).isEqualTo(Status.WRITE_FAULT);
    TestRequest flush = submit(TestRequest.of(IoRequest.FLUSH, 0, 0));
    answer(next(), -ErrnoStatus.ENOSPC);
    assertThat(status(flush)).isEqualTo(Status.CAPACITY_EXCEEDED | Status.DNR);
  }

  @Test
  void withoutAVolatileCacheNothingIsSynced() {
    queue = queue(false);
    assertThat(status(submit(TestRequest.of(IoRequest.FLUSH, 0, 0)))).isZero();
    TestRequest write = submit(TestRequest.of(IoRequest.WRITE, 0, BLOCK).fua());
    Entry entry = next();
    assertThat(entry.flags()).isZero();
    answer(entry, BLOCK);
    assertThat(status(write)).isZero();
    assertThat(ring.entries).isEmpty();
  }

  @Test
  void flushIsADatasync() {
    assertSync(submit(TestRequest.of(IoRequest.FLUSH, 0, 0)));
  }

  @Test
  void deallocateTriesEveryWayAndRemembersWhatIsNotOffered() {
    long length = 2L * ZeroPages.LENGTH_BYTES + BLOCK;
    TestRequest first = submit(TestRequest.of(IoRequest.DEALLOCATE, BLOCK, length));
    Entry punch = next();
    assertThat(punch)
        .isEqualTo(
            new Entry(UringQueue.OP_FALLOCATE, BLOCK, length, UringQueue.PUNCH, 0, (short) 0));
    answer(punch, -ErrnoStatus.EOPNOTSUPP);
    Entry range = next();
    assertThat(range.length()).isEqualTo(UringQueue.ZERO_RANGE);
    answer(range, -ErrnoStatus.EOPNOTSUPP);
    assertThat(writtenZeroes()).containsExactly(1 << 20, 1 << 20, BLOCK);
    assertThat(status(first)).isZero();

    TestRequest second = submit(TestRequest.of(IoRequest.DEALLOCATE, 0, BLOCK));
    assertThat(writtenZeroes()).containsExactly(BLOCK);
    assertThat(status(second)).isZero();
  }

  /** Answers writes from the zero pages until none comes; their lengths. */
  private List<Integer> writtenZeroes() {
    List<Integer> lengths = new ArrayList<>();
    while (!ring.entries.isEmpty()) {
      Entry entry = next();
      assertThat(entry.opcode()).isEqualTo(UringQueue.OP_WRITE);
      assertThat(entry.address()).isEqualTo(ZeroPages.address());
      lengths.add(entry.length());
      answer(entry, entry.length());
    }
    return lengths;
  }

  @Test
  void zeroesPunchOnlyWhereTheHostAllows() {
    submit(TestRequest.of(IoRequest.WRITE_ZEROES, 0, BLOCK));
    assertThat(next().length()).isEqualTo(UringQueue.ZERO_RANGE);
    TestRequest may = TestRequest.of(IoRequest.WRITE_ZEROES, 0, BLOCK);
    may.mayDeallocate = true;
    submit(may);
    assertThat(next().length()).isEqualTo(UringQueue.PUNCH);
  }

  @Test
  void moreThanTheSlotsWaitInOrder() {
    int more = 3;
    List<TestRequest> all = new ArrayList<>();
    for (int i = 0; i < UringQueue.SLOTS + more; i++) {
      all.add(submit(TestRequest.of(IoRequest.READ, (long) i * BLOCK, BLOCK)));
    }
    assertThat(ring.entries).hasSize(UringQueue.SLOTS);
    assertThat(queue.inFlight()).isEqualTo(UringQueue.SLOTS + more);
    for (int i = 0; i < UringQueue.SLOTS + more; i++) {
      Entry entry = next();
      assertThat(entry.offset()).isEqualTo((long) i * BLOCK);
      answer(entry, BLOCK);
      assertThat(all.get(i).status).isDone();
    }
    assertThat(queue.inFlight()).isZero();
  }

  @Test
  void errorsBecomeStatusesByDirection() {
    assertThat(failed(IoRequest.READ, ErrnoStatus.EIO)).isEqualTo(Status.UNRECOVERED_READ_ERROR);
    assertThat(failed(IoRequest.WRITE, ErrnoStatus.EIO)).isEqualTo(Status.WRITE_FAULT);
    assertThat(failed(IoRequest.WRITE, ErrnoStatus.ENOSPC))
        .isEqualTo(Status.CAPACITY_EXCEEDED | Status.DNR);
    assertThat(failed(IoRequest.WRITE, ErrnoStatus.EROFS))
        .isEqualTo(Status.NAMESPACE_WRITE_PROTECTED);
    assertThat(failed(IoRequest.WRITE, ErrnoStatus.EINVAL)).isEqualTo(Status.INTERNAL_ERROR);
    assertThat(failed(IoRequest.READ, 9)).isEqualTo(Status.INTERNAL_ERROR);
  }

  private int failed(int op, int errno) {
    TestRequest request = submit(TestRequest.of(op, 0, BLOCK));
    answer(next(), -errno);
    return status(request);
  }

  @Test
  void closingLeavesTheRing() {
    queue.close();
    assertThat(ring.closed).isTrue();
  }

  @Test
  void whatWaitedWhileTheEndMovedIsLookedAtAgain() throws IOException {
    LiveSize size = new LiveSize(new BackendGeometry(SIZE, BLOCK, true, true, false, 8));
    queue = new UringQueue(size, ring, true, BLOCK);
    for (int i = 0; i < UringQueue.SLOTS; i++) {
      submit(TestRequest.of(IoRequest.READ, (long) i * BLOCK, BLOCK));
    }
    TestRequest outside = submit(TestRequest.of(IoRequest.WRITE, SIZE - BLOCK, BLOCK));
    TestRequest inside = submit(TestRequest.of(IoRequest.WRITE, 0, BLOCK));
    assertThat(queue.beyond(SIZE / 2)).isEqualTo(1);
    assertThat(queue.beyond(SIZE)).isZero();
    assertThat(queue.beyond(0)).isEqualTo(UringQueue.SLOTS + 2);
    size.resize(SIZE / 2, bytes -> {});
    answer(next(), BLOCK);
    assertThat(status(outside)).isEqualTo(Status.LBA_OUT_OF_RANGE | Status.DNR);
    assertThat(inside.status).isNotDone();
    assertThat(ring.entries).hasSize(UringQueue.SLOTS);
  }
}
