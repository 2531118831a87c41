package io.mora.initiator.channel;

import io.mora.initiator.RemoteNamespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A namespace as a file with a position, byte by byte, for one caller at a time; blocks the caller,
 * and may be used on virtual threads, never on a loop.
 *
 * <p>Whole blocks go straight between the caller's buffer and the namespace. A write of less than a
 * block reads the block first: not atomic towards other writers. Nothing is kept here, so what was
 * written is with the controller; {@link RemoteNamespace#flush} makes it durable.
 */
public final class NamespaceChannel implements SeekableByteChannel {
  private final RemoteNamespace namespace;
  private final int blockBytes;
  private final ByteBuffer block;
  private final ReentrantLock lock = new ReentrantLock();
  private long position;
  private volatile boolean closed;

  public NamespaceChannel(RemoteNamespace namespace) {
    this.namespace = namespace;
    this.blockBytes = namespace.blockBytes();
    this.block = ByteBuffer.allocateDirect(blockBytes);
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (position >= size() && dst.hasRemaining()) {
        return -1;
      }
      return move(dst, false);
    } finally {
      lock.unlock();
    }
  }

  /** Writes up to the end of the namespace; at the end it fails. */
  @Override
  public int write(ByteBuffer src) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (position >= size() && src.hasRemaining()) {
        throw new IOException("at the end of " + namespace);
      }
      return move(src, true);
    } finally {
      lock.unlock();
    }
  }

  private int move(ByteBuffer data, boolean out) throws IOException {
    int total = (int) Math.min(data.remaining(), size() - position);
    for (int left = total; left > 0; ) {
      int within = (int) (position % blockBytes);
      int bytes = left - left % blockBytes;
      if (within == 0 && bytes > 0) {
        whole(data, bytes / blockBytes, out);
        data.position(data.position() + bytes);
      } else {
        bytes = Math.min(left, blockBytes - within);
        part(data, within, bytes, out);
      }
      position += bytes;
      left -= bytes;
    }
    return total;
  }

  private void whole(ByteBuffer data, int blocks, boolean out) throws IOException {
    long slba = position / blockBytes;
    NamespaceFile.Waits.forEnd(
        out ? namespace.write(slba, blocks, data) : namespace.read(slba, blocks, data));
  }

  private void part(ByteBuffer data, int within, int bytes, boolean out) throws IOException {
    long slba = position / blockBytes;
    block.clear();
    NamespaceFile.Waits.forEnd(namespace.read(slba, 1, block));
    if (out) {
      block.put(within, data, data.position(), bytes);
      NamespaceFile.Waits.forEnd(namespace.write(slba, 1, block));
    } else {
      data.put(data.position(), block, within, bytes);
    }
    data.position(data.position() + bytes);
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    lock.lock();
    try {
      return position;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition + ": 0 or more");
    }
    lock.lock();
    try {
      position = newPosition;
    } finally {
      lock.unlock();
    }
    return this;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return namespace.sizeBytes();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException("a namespace's size is its controller's");
  }

  private void requireOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
