package io.mora.cli.nvme;

import io.mora.cli.connect.Session;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** Moves a stream to or from a namespace in order, a few commands at a time. */
final class Transfer {
  private static final int WINDOW = 8;
  private static final int CHUNK_BYTES_MAX = 512 << 10;

  private final RemoteNamespace namespace;
  private final long timeoutMs;
  private final int chunkBytes;
  private final ArrayDeque<Chunk> underWay = new ArrayDeque<>(WINDOW);
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>(WINDOW);

  /** Bytes under way, and when they are there. */
  private record Chunk(ByteBuffer data, CompletionStage<Completion> stage) {}

  Transfer(RemoteNamespace namespace, long timeoutMs) {
    this.namespace = namespace;
    this.timeoutMs = timeoutMs;
    int block = namespace.blockBytes();
    int most = (int) Math.min(CHUNK_BYTES_MAX, (long) namespace.transferBlocksMax() * block);
    this.chunkBytes = Math.max(block, most - most % block);
    for (int i = 0; i < WINDOW; i++) {
      free.add(ByteBuffer.allocateDirect(chunkBytes));
    }
  }

  /** Copies the range to the stream. */
  void read(DataRange range, OutputStream to)
      throws IOException, TimeoutException, InterruptedException {
    WritableByteChannel out = Channels.newChannel(to);
    long end = range.offsetBytes() + range.lengthBytes();
    long at = range.offsetBytes();
    while (at < end || !underWay.isEmpty()) {
      if (at < end && !free.isEmpty()) {
        ByteBuffer data = free.remove().clear().limit((int) Math.min(chunkBytes, end - at));
        underWay.add(new Chunk(data, namespace.read(block(at), blocks(data), data)));
        at += data.remaining();
      } else {
        ByteBuffer data = finishOldest("a read");
        while (data.hasRemaining()) {
          out.write(data);
        }
        free.add(data);
      }
    }
  }

  /**
   * Copies whole blocks from the stream to the range, until either ends.
   *
   * @param pad fill a last, partial block with zeroes
   * @return bytes taken from the stream; beyond the last whole block they were not written
   */
  long write(InputStream from, DataRange range, boolean pad, boolean fua)
      throws IOException, TimeoutException, InterruptedException {
    IoOptions options = new IoOptions().fua(fua);
    long taken = 0;
    boolean more = true;
    byte[] heap = new byte[chunkBytes];
    while (more && taken < range.lengthBytes()) {
      int want = (int) Math.min(chunkBytes, range.lengthBytes() - taken);
      int got = from.readNBytes(heap, 0, want);
      more = got == want;
      int whole = whole(heap, got, pad);
      if (whole > 0) {
        ByteBuffer data = free.isEmpty() ? finishOldest("a write") : free.remove();
        data.clear().put(heap, 0, whole).flip();
        long slba = block(range.offsetBytes() + taken);
        underWay.add(new Chunk(data, namespace.write(slba, blocks(data), data, options)));
      }
      taken += got;
    }
    while (!underWay.isEmpty()) {
      free.add(finishOldest("a write"));
    }
    return taken;
  }

  /** Bytes to write of those got: whole blocks, the last one padded if asked for. */
  private int whole(byte[] heap, int got, boolean pad) {
    int rest = got % namespace.blockBytes();
    if (rest == 0 || !pad) {
      return got - rest;
    }
    int padded = got - rest + namespace.blockBytes();
    Arrays.fill(heap, got, padded, (byte) 0);
    return padded;
  }

  private ByteBuffer finishOldest(String what) throws TimeoutException, InterruptedException {
    Chunk oldest = underWay.remove();
    Session.await(oldest.stage(), 2 * timeoutMs, what);
    return oldest.data();
  }

  private long block(long offsetBytes) {
    return offsetBytes / namespace.blockBytes();
  }

  private int blocks(ByteBuffer data) {
    return data.remaining() / namespace.blockBytes();
  }
}
