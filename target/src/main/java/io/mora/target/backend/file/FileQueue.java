package io.mora.target.backend.file;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.LiveSize;
import io.mora.target.backend.os.ErrnoStatus;
import io.mora.target.backend.os.LibC;
import io.mora.target.backend.os.ZeroPages;
import io.mora.target.shard.Shard;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A shard's operations on a {@link FileBackend}. */
final class FileQueue implements BackendQueue, LiveSize.User {
  /** Operations handed to the pool at once; more wait here, in order. */
  static final int SLOTS = 64;

  private static final int PUNCH = LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE;
  private static final int ZERO_RANGE = LibC.FALLOC_FL_ZERO_RANGE | LibC.FALLOC_FL_KEEP_SIZE;

  private final FileBackend backend;
  private final Shard shard;
  private final LiveSize size;
  private final Slot[] slots = new Slot[SLOTS];
  private final Slot[] freeSlots = new Slot[SLOTS];
  private final IoRequest.Fifo waiting = new IoRequest.Fifo();
  private int freeCount = SLOTS;

  FileQueue(FileBackend backend, LiveSize size, Shard shard) {
    this.backend = backend;
    this.size = size;
    this.shard = shard;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Slot();
      freeSlots[i] = slots[i];
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
      Slot slot = freeSlots[--freeCount];
      slot.request = request;
      backend.dispatch(slot);
    }
  }

  private static boolean nothingToDo(BackendGeometry geometry, IoRequest request) {
    return switch (request.op) {
      case IoRequest.FLUSH -> geometry.readOnly();
      case IoRequest.DEALLOCATE -> !geometry.deallocates() || request.lengthBytes == 0;
      default -> request.lengthBytes == 0;
    };
  }

  private void finish(Slot slot) {
    IoRequest request = Objects.requireNonNull(slot.request);
    slot.request = null;
    freeSlots[freeCount++] = slot;
    int status = slot.status;
    while (freeCount > 0 && waiting.size() > 0) {
      begin(Objects.requireNonNull(waiting.poll()));
    }
    request.complete(status);
  }

  @Override
  public int inFlight() {
    return SLOTS - freeCount + waiting.size();
  }

  @Override
  public int beyond(long sizeBytes) {
    int count = waiting.beyond(sizeBytes);
    for (Slot slot : slots) {
      IoRequest request = slot.request;
      count += request != null && request.reachesPast(sizeBytes) ? 1 : 0;
    }
    return count;
  }

  @Override
  public void close() {
    size.closed(this);
  }

  /** One operation: {@link #run} on the pool, then {@link #finished} on the shard. */
  private final class Slot implements Runnable {
    private final Runnable finished = this::finished;
    @Nullable IoRequest request;
    int status;

    @Override
    public void run() {
      IoRequest work = Objects.requireNonNull(request);
      try {
        status = perform(work);
      } catch (IOException e) {
        int errno = ErrnoStatus.errno(e);
        status = work.op == IoRequest.READ ? ErrnoStatus.read(errno) : ErrnoStatus.write(errno);
      } catch (RuntimeException e) {
        status = Status.INTERNAL_ERROR;
      }
      shard.execute(finished);
    }

    private void finished() {
      finish(this);
    }
  }

  private int perform(IoRequest request) throws IOException {
    switch (request.op) {
      case IoRequest.READ -> {
        return read(request);
      }
      case IoRequest.WRITE -> {
        FileChannel channel = request.forceUnitAccess ? backend.durable() : backend.data();
        write(channel, bytes(request), request.offsetBytes);
        return Status.SUCCESS;
      }
      case IoRequest.FLUSH -> {
        backend.data().force(false);
        return Status.SUCCESS;
      }
      default -> {
        return zero(request);
      }
    }
  }

  private int read(IoRequest request) throws IOException {
    ByteBuffer target = bytes(request);
    long offset = request.offsetBytes;
    while (target.hasRemaining()) {
      int moved = backend.data().read(target, offset);
      if (moved <= 0) {
        return Status.UNRECOVERED_READ_ERROR;
      }
      offset += moved;
    }
    return Status.SUCCESS;
  }

  private static void write(FileChannel channel, ByteBuffer source, long offset)
      throws IOException {
    long at = offset;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
    }
  }

  private int zero(IoRequest request) throws IOException {
    boolean punch = request.op == IoRequest.DEALLOCATE || request.mayDeallocate;
    int errno = punch ? allocate(request, PUNCH) : ErrnoStatus.EOPNOTSUPP;
    if (ErrnoStatus.unsupported(errno)) {
      errno = allocate(request, ZERO_RANGE);
    }
    if (ErrnoStatus.unsupported(errno)) {
      writeZeroes(request);
    } else if (errno != 0) {
      return ErrnoStatus.write(errno);
    }
    if (request.forceUnitAccess) {
      backend.data().force(false);
    }
    return Status.SUCCESS;
  }

  private int allocate(IoRequest request, int mode) {
    int fd = backend.fd();
    int result;
    do {
      result = LibC.fallocate(fd, mode, request.offsetBytes, request.lengthBytes);
    } while (result != 0 && LibC.errno() == ErrnoStatus.EINTR);
    return result == 0 ? 0 : LibC.errno();
  }

  private void writeZeroes(IoRequest request) throws IOException {
    ByteBuffer zeroes = ZeroPages.buffer().duplicate();
    for (long done = 0; done < request.lengthBytes; done += ZeroPages.LENGTH_BYTES) {
      long piece = Math.min(ZeroPages.LENGTH_BYTES, request.lengthBytes - done);
      zeroes.clear().limit((int) piece);
      write(backend.data(), zeroes, request.offsetBytes + done);
    }
  }

  private static ByteBuffer bytes(IoRequest request) {
    ByteBuf data = Objects.requireNonNull(request.data);
    return data.nioBuffer(request.dataAt, (int) request.lengthBytes);
  }
}
