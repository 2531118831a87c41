package io.mora.target.backend.file;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.LiveSize;
import io.mora.target.backend.os.ErrnoStatus;
import io.mora.target.backend.os.LibC;
import io.mora.target.backend.os.ZeroPages;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A shard's operations on one file, as steps on a ring.
 *
 * <pre>
 *  READ                 read* ------------------------------------------> done
 *  WRITE                write* (RWF_DSYNC for FUA) --[refused]--> sync --> done
 *  FLUSH                sync -------------------------------------------> done
 *  WRITE_ZEROES         [punch ->] zero range -> zeroes* --[FUA]--> sync -> done
 *  DEALLOCATE           punch -> zero range -> zeroes* ------------------> done
 *  * repeated for the rest when the kernel moved less than asked; each arrow after punch and
 *    zero range is taken only where the storage does not offer the former
 * </pre>
 */
final class UringQueue implements BackendQueue, LiveSize.User {
  /*
   * FUA: RWF_DSYNC lets the kernel use the device's own FUA write where it can. Where it is refused
   * a sync follows the write: not as a linked entry, because a short write would break the chain
   * and has to be finished first anyway.
   *
   * Flush: fdatasync also makes sizes and extents durable, which is why a file is always synced.
   */

  /** Operations on the ring at once; more wait here, in order. Fits the ring's 16-bit tag. */
  static final int SLOTS = 256;

  /** Most bytes of one read or write entry; the kernel's own bound is 2 GiB less a page. */
  static final int TRANSFER_BYTES_MAX = 1 << 30;

  /** EAGAIN and EINTR answered by trying again this often; then the operation fails. */
  static final int RETRIES_MAX = 1000;

  static final byte OP_FSYNC = 3;
  static final byte OP_FALLOCATE = 17;
  static final byte OP_READ = 22;
  static final byte OP_WRITE = 23;

  static final int FSYNC_DATASYNC = 1;
  static final int RWF_DSYNC = 2;

  static final int PUNCH = LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE;
  static final int ZERO_RANGE = LibC.FALLOC_FL_ZERO_RANGE | LibC.FALLOC_FL_KEEP_SIZE;

  private static final byte STEP_READ = 1;
  private static final byte STEP_WRITE = 2;
  private static final byte STEP_SYNC = 3;
  private static final byte STEP_PUNCH = 4;
  private static final byte STEP_ZERO_RANGE = 5;
  private static final byte STEP_ZEROES = 6;

  /** Where entries go: a ring, or a test's. */
  interface Ring {
    /** Queues one entry on the file; {@link UringQueue#completed} follows, once. */
    void submit(byte opcode, long offset, long address, int length, int opFlags, short slot);

    void close();
  }

  private final LiveSize size;
  private final Ring ring;
  private final boolean needsFlush;
  private final int alignBytes;
  private final @Nullable IoRequest[] requests = new @Nullable IoRequest[SLOTS];
  private final byte[] steps = new byte[SLOTS];
  private final int[] retries = new int[SLOTS];

  /** The slot's write was issued with RWF_DSYNC. */
  private final boolean[] dsync = new boolean[SLOTS];

  private final short[] freeSlots = new short[SLOTS];
  private final IoRequest.Fifo waiting = new IoRequest.Fifo();
  private int freeCount = SLOTS;
  private boolean dsyncRefused;
  private boolean punchRefused;
  private boolean zeroRangeRefused;

  UringQueue(StorageFile file, LiveSize size, Ring ring) {
    this(size, ring, file.needsFlush(), file.alignBytes());
  }

  UringQueue(LiveSize size, Ring ring, boolean needsFlush, int alignBytes) {
    this.size = size;
    this.ring = ring;
    this.needsFlush = needsFlush;
    this.alignBytes = alignBytes;
    for (int i = 0; i < SLOTS; i++) {
      freeSlots[i] = (short) (SLOTS - 1 - i);
    }
  }

  @Override
  public void submit(IoRequest request) {
    if (freeCount == 0) {
      waiting.add(request);
    } else {
      begin(request);
    }
  }

  /** Starts it, or ends it at once; not earlier, because the end may move while it waits. */
  private void begin(IoRequest request) {
    BackendGeometry geometry = size.geometry();
    int refusal = geometry.refusal(request);
    if (refusal != Status.SUCCESS || nothingToDo(geometry, request)) {
      request.complete(refusal);
    } else {
      request.backendProgress = 0;
      start(request);
    }
  }

  private boolean nothingToDo(BackendGeometry geometry, IoRequest request) {
    return switch (request.op) {
      case IoRequest.FLUSH -> !needsFlush || geometry.readOnly();
      case IoRequest.DEALLOCATE -> !geometry.deallocates() || request.lengthBytes == 0;
      default -> request.lengthBytes == 0;
    };
  }

  private void start(IoRequest request) {
    short slot = freeSlots[--freeCount];
    request.backendTag = slot;
    requests[slot] = request;
    retries[slot] = 0;
    steps[slot] =
        switch (request.op) {
          case IoRequest.READ -> STEP_READ;
          case IoRequest.WRITE -> STEP_WRITE;
          case IoRequest.FLUSH -> STEP_SYNC;
          default ->
              request.op == IoRequest.DEALLOCATE || request.mayDeallocate
                  ? STEP_PUNCH
                  : STEP_ZERO_RANGE;
        };
    if (steps[slot] == STEP_PUNCH && punchRefused) {
      steps[slot] = STEP_ZERO_RANGE;
    }
    if (steps[slot] == STEP_ZERO_RANGE && zeroRangeRefused) {
      steps[slot] = STEP_ZEROES;
    }
    issue(slot, request);
  }

  private void issue(short slot, IoRequest request) {
    long done = request.backendProgress;
    long offset = request.offsetBytes + done;
    long left = request.lengthBytes - done;
    int length = (int) Math.min(left, TRANSFER_BYTES_MAX);
    switch (steps[slot]) {
      case STEP_READ -> ring.submit(OP_READ, offset, request.address + done, length, 0, slot);
      case STEP_WRITE -> {
        dsync[slot] = request.forceUnitAccess && needsFlush && !dsyncRefused;
        int flags = dsync[slot] ? RWF_DSYNC : 0;
        ring.submit(OP_WRITE, offset, request.address + done, length, flags, slot);
      }
      case STEP_SYNC -> ring.submit(OP_FSYNC, 0, 0, 0, FSYNC_DATASYNC, slot);
      // For fallocate the entry's address is the length, and its length the mode.
      case STEP_PUNCH ->
          ring.submit(OP_FALLOCATE, request.offsetBytes, request.lengthBytes, PUNCH, 0, slot);
      case STEP_ZERO_RANGE ->
          ring.submit(OP_FALLOCATE, request.offsetBytes, request.lengthBytes, ZERO_RANGE, 0, slot);
      default -> {
        int piece = Math.min(length, ZeroPages.LENGTH_BYTES);
        ring.submit(OP_WRITE, offset, ZeroPages.address(), piece, 0, slot);
      }
    }
  }

  /**
   * The ring's answer to a slot's entry.
   *
   * @param result bytes moved, 0, or a negated errno
   */
  void completed(int slot, int result) {
    IoRequest request = requests[slot];
    if (request == null) {
      return;
    }
    if (result < 0) {
      failed((short) slot, request, -result);
      return;
    }
    switch (steps[slot]) {
      case STEP_READ, STEP_WRITE, STEP_ZEROES -> advanced((short) slot, request, result);
      case STEP_PUNCH, STEP_ZERO_RANGE -> written((short) slot, request);
      default -> finish((short) slot, request, Status.SUCCESS);
    }
  }

  private void advanced(short slot, IoRequest request, int movedBytes) {
    long done = request.backendProgress + movedBytes;
    if (done >= request.lengthBytes) {
      if (steps[slot] == STEP_READ) {
        finish(slot, request, Status.SUCCESS);
      } else {
        written(slot, request);
      }
      return;
    }
    // Direct I/O goes on from a whole unit; what is moved twice is moved to the same place.
    long whole = done - done % alignBytes;
    if (movedBytes == 0 || (whole == request.backendProgress && ++retries[slot] > RETRIES_MAX)) {
      // Nothing moves any more: the file has become shorter than the namespace, or the space is
      // gone. A write that met a full file system is told so by its own errno instead.
      finish(slot, request, ioError(slot, ErrnoStatus.EIO));
      return;
    }
    request.backendProgress = whole;
    issue(slot, request);
  }

  /** Everything is on its way to the medium; is it to be there before completion? */
  private void written(short slot, IoRequest request) {
    boolean durable = steps[slot] == STEP_WRITE && dsync[slot];
    if (request.forceUnitAccess && needsFlush && !durable && request.op != IoRequest.DEALLOCATE) {
      steps[slot] = STEP_SYNC;
      issue(slot, request);
    } else {
      finish(slot, request, Status.SUCCESS);
    }
  }

  private void failed(short slot, IoRequest request, int errno) {
    if (errno == ErrnoStatus.EAGAIN || errno == ErrnoStatus.EINTR) {
      if (++retries[slot] <= RETRIES_MAX) {
        issue(slot, request);
        return;
      }
    } else if (ErrnoStatus.unsupported(errno) && otherWay(slot, errno)) {
      issue(slot, request);
      return;
    }
    finish(slot, request, ioError(slot, errno));
  }

  /** Takes the next way of doing the same, if there is one; EINVAL may be this range's alone. */
  private boolean otherWay(short slot, int errno) {
    boolean forGood = errno != ErrnoStatus.EINVAL;
    switch (steps[slot]) {
      case STEP_WRITE -> {
        if (!dsync[slot]) {
          return false;
        }
        dsyncRefused = true;
      }
      case STEP_PUNCH -> {
        punchRefused |= forGood;
        steps[slot] = zeroRangeRefused ? STEP_ZEROES : STEP_ZERO_RANGE;
      }
      case STEP_ZERO_RANGE -> {
        zeroRangeRefused |= forGood;
        steps[slot] = STEP_ZEROES;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private int ioError(short slot, int errno) {
    return steps[slot] == STEP_READ ? ErrnoStatus.read(errno) : ErrnoStatus.write(errno);
  }

  private void finish(short slot, IoRequest request, int status) {
    requests[slot] = null;
    request.backendTag = -1;
    freeSlots[freeCount++] = slot;
    while (freeCount > 0 && waiting.size() > 0) {
      begin(Objects.requireNonNull(waiting.poll()));
    }
    request.complete(status);
  }

  @Override
  public int beyond(long sizeBytes) {
    int count = waiting.beyond(sizeBytes);
    for (IoRequest request : requests) {
      count += request != null && request.reachesPast(sizeBytes) ? 1 : 0;
    }
    return count;
  }

  @Override
  public int inFlight() {
    return SLOTS - freeCount + waiting.size();
  }

  @Override
  public void close() {
    size.closed(this);
    ring.close();
  }
}
