package io.mora.target.backend.memory;

import io.mora.protocol.net.IoLoop;
import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.LiveSize;
import io.mora.target.backend.os.ZeroPages;
import io.mora.target.shard.Shard;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A shard's way into a memory namespace. */
final class MemoryQueue implements BackendQueue, LiveSize.User, IoLoop.TurnListener {
  /** Granules, chunks or leaves a request may touch before the loop gets its turn. */
  private static final int STEPS_PER_TURN = 4096;

  private final LiveSize size;
  private final ChunkTable chunks;
  private final MemoryBackend memory;
  private final Shard shard;
  private final IoRequest.Fifo putOff = new IoRequest.Fifo();

  MemoryQueue(LiveSize size, ChunkTable chunks, MemoryBackend memory, Shard shard) {
    this.size = size;
    this.chunks = chunks;
    this.memory = memory;
    this.shard = shard;
    shard.loop().addTurnListener(this);
  }

  @Override
  public void submit(IoRequest request) {
    request.backendProgress = 0;
    advance(request);
  }

  /** Once more, each, what had to wait: not earlier, or this loop would spin on another's. */
  @Override
  public void endOfTurn() {
    for (int n = putOff.size(); n > 0; n--) {
      IoRequest request = putOff.poll();
      if (request != null) {
        advance(request);
      }
    }
  }

  private void advance(IoRequest request) {
    // Each time: while it was put off the end may have moved.
    int refusal = size.geometry().refusal(request);
    if (refusal != Status.SUCCESS) {
      request.complete(refusal);
      return;
    }
    boolean done =
        switch (request.op) {
          case IoRequest.READ -> read(request);
          case IoRequest.WRITE -> write(request);
          case IoRequest.FLUSH -> true;
          default -> zero(request);
        };
    if (done) {
      boolean full = request.backendProgress < 0;
      request.complete(full ? Status.CAPACITY_EXCEEDED | Status.DNR : Status.SUCCESS);
      return;
    }
    putOff.add(request);
    shard.loop().stayAwake();
  }

  /** True when all is read, false to be put off; what stays in place is read when it is sent. */
  private boolean read(IoRequest request) {
    if (request.inPlace) {
      return true;
    }
    ByteBuf data = Objects.requireNonNull(request.data);
    int length = (int) request.lengthBytes;
    int done = (int) request.backendProgress;
    while (done < length) {
      long offset = request.offsetBytes + done;
      int at = (int) (offset % Chunk.BYTES);
      int piece = Math.min(length - done, Chunk.granuleEnd(at) - at);
      if (!memory.copy(offset, piece, data, request.dataAt + done)) {
        request.backendProgress = done;
        return false;
      }
      done += piece;
    }
    return true;
  }

  /** True when all is written, or progress says -1 for no memory; false to be put off. */
  private boolean write(IoRequest request) {
    ByteBuf data = Objects.requireNonNull(request.data);
    int length = (int) request.lengthBytes;
    ByteBuffer source = data.internalNioBuffer(request.dataAt, length);
    int base = source.position();
    int done = (int) request.backendProgress;
    for (int steps = 0; done < length; steps++) {
      long offset = request.offsetBytes + done;
      int at = (int) (offset % Chunk.BYTES);
      int piece = Math.min(length - done, Chunk.granuleEnd(at) - at);
      Chunk chunk = chunks.madeChunkAt(offset);
      if (chunk == null) {
        request.backendProgress = -1;
        return true;
      }
      if (steps >= STEPS_PER_TURN || !chunk.write(at, source, base + done, piece)) {
        request.backendProgress = done;
        return false;
      }
      done += piece;
    }
    return true;
  }

  /** Zeroes without holding memory for it: whole chunks go, parts are overwritten. */
  private boolean zero(IoRequest request) {
    long length = request.lengthBytes;
    long done = request.backendProgress;
    for (int steps = 0; done < length; steps++) {
      long offset = request.offsetBytes + done;
      long left = length - done;
      int at = (int) (offset % Chunk.BYTES);
      Chunk chunk = chunks.chunkAt(offset);
      long piece;
      if (chunk == null) {
        long hole = chunks.holeBytes(offset);
        piece = Math.min(left, hole - offset % hole);
      } else if (at == 0 && left >= Chunk.BYTES) {
        piece = Chunk.BYTES;
        chunks.dropChunkAt(offset);
      } else {
        piece = Math.min(left, Chunk.granuleEnd(at) - at);
        if (!chunk.write(at, ZeroPages.buffer(), 0, (int) piece)) {
          request.backendProgress = done;
          return false;
        }
      }
      done += piece;
      if (steps >= STEPS_PER_TURN && done < length) {
        request.backendProgress = done;
        return false;
      }
    }
    return true;
  }

  @Override
  public int inFlight() {
    return putOff.size();
  }

  @Override
  public int beyond(long sizeBytes) {
    return putOff.beyond(sizeBytes);
  }

  @Override
  public void close() {
    size.closed(this);
    shard.loop().removeTurnListener(this);
  }
}
