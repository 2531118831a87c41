package io.mora.tests.system.path;

import io.mora.protocol.status.Status;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.shard.Shard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A file that several processes use at once: the shelf behind appliances. Mora's own files are
 * locked against that. What is written is in the kernel's page cache, which all of them see at once
 * and which outlives whom it was written by, so to a killed process it is stable storage.
 */
final class SharedFile implements Backend {
  private static final int ZEROES = 1 << 16;

  private final FileChannel channel;
  private final BackendGeometry geometry;

  SharedFile(Path path, long sizeBytes, int blockBytes) throws IOException {
    channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    geometry = new BackendGeometry(sizeBytes, blockBytes, false, true, false, 1);
    if (channel.size() < sizeBytes) {
      channel.write(ByteBuffer.allocate(1), sizeBytes - 1); // Twice, if two do it: the same.
    }
  }

  @Override
  public String description() {
    return "shared file";
  }

  @Override
  public BackendGeometry geometry() {
    return geometry;
  }

  @Override
  public BackendQueue queue(Shard shard) {
    return new Queue();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On the shard's thread, where it blocks: the page cache answers. */
  private final class Queue implements BackendQueue {
    private final ByteBuffer zeroes = ByteBuffer.allocateDirect(ZEROES);

    @Override
    public void submit(IoRequest request) {
      int status = geometry.refusal(request);
      if (status == Status.SUCCESS) {
        try {
          perform(request);
        } catch (IOException e) {
          status = Status.INTERNAL_ERROR;
        }
      }
      request.complete(status);
    }

    private void perform(IoRequest request) throws IOException {
      switch (request.op) {
        case IoRequest.READ -> {
          ByteBuffer into = bytes(request);
          for (long at = request.offsetBytes; into.hasRemaining(); ) {
            at += channel.read(into, at);
          }
        }
        case IoRequest.WRITE -> write(bytes(request), request.offsetBytes);
        case IoRequest.FLUSH -> {}
        default -> {
          long end = request.offsetBytes + request.lengthBytes;
          for (long at = request.offsetBytes; at < end; at += ZEROES) {
            write(zeroes.clear().limit((int) Math.min(ZEROES, end - at)), at);
          }
        }
      }
    }

    private void write(ByteBuffer from, long offset) throws IOException {
      for (long at = offset; from.hasRemaining(); ) {
        at += channel.write(from, at);
      }
    }

    private ByteBuffer bytes(IoRequest request) {
      int length = (int) request.lengthBytes;
      return Objects.requireNonNull(request.data).nioBuffer(request.dataAt, length);
    }

    @Override
    public int inFlight() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
