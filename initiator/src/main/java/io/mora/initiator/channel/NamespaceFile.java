package io.mora.initiator.channel;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A namespace as an asynchronous file: whole blocks, no locks, a size that only its controller
 * changes. Positions and lengths must be multiples of the block size. Closing it leaves the
 * namespace as it is; what is under way ends. {@link #force} blocks, nothing else does.
 */
public final class NamespaceFile extends AsynchronousFileChannel {
  private final RemoteNamespace namespace;
  private volatile boolean closed;

  public NamespaceFile(RemoteNamespace namespace) {
    this.namespace = namespace;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return namespace.sizeBytes();
  }

  private void requireOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  /** Fills the buffer, or reads up to the end; -1 at the end. */
  @Override
  public Future<Integer> read(ByteBuffer dst, long position) {
    return move(dst, position, false);
  }

  @Override
  public Future<Integer> write(ByteBuffer src, long position) {
    return move(src, position, true);
  }

  @Override
  public <A extends @Nullable Object> void read(
      ByteBuffer dst, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    tell(move(dst, position, false), attachment, handler);
  }

  @Override
  public <A extends @Nullable Object> void write(
      ByteBuffer src, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    tell(move(src, position, true), attachment, handler);
  }

  private static <A extends @Nullable Object> void tell(
      CompletableFuture<Integer> moved, A attachment, CompletionHandler<Integer, ? super A> to) {
    moved.whenComplete(
        (bytes, failure) -> {
          if (failure == null) {
            to.completed(bytes, attachment);
          } else {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            to.failed(cause == null ? failure : cause, attachment);
          }
        });
  }

  private CompletableFuture<Integer> move(ByteBuffer data, long position, boolean out) {
    int block = namespace.blockBytes();
    if (position < 0 || position % block != 0 || data.remaining() % block != 0) {
      throw new IllegalArgumentException(
          "position " + position + ", " + data.remaining() + " bytes: multiples of " + block);
    }
    if (closed) {
      return CompletableFuture.failedFuture(new ClosedChannelException());
    }
    long slba = position / block;
    int blocks = (int) Math.min(data.remaining() / block, Math.max(0, namespace.blocks() - slba));
    if (data.remaining() == 0) {
      return CompletableFuture.completedFuture(0);
    }
    if (blocks == 0) {
      return out
          ? CompletableFuture.failedFuture(new IOException("at the end of " + namespace))
          : CompletableFuture.completedFuture(-1);
    }
    CompletionStage<Completion> done =
        out ? namespace.write(slba, blocks, data) : namespace.read(slba, blocks, data);
    return done.thenApply(
            completion -> {
              data.position(data.position() + blocks * block);
              return blocks * block;
            })
        .toCompletableFuture();
  }

  /** Flushes, and waits for it. */
  @Override
  public void force(boolean metaData) throws IOException {
    requireOpen();
    Waits.forEnd(namespace.flush());
  }

  @Override
  public AsynchronousFileChannel truncate(long size) {
    throw new UnsupportedOperationException("a namespace's size is its controller's");
  }

  @Override
  public <A extends @Nullable Object> void lock(
      long position,
      long size,
      boolean shared,
      A attachment,
      CompletionHandler<FileLock, ? super A> handler) {
    throw noLocks();
  }

  @Override
  public Future<FileLock> lock(long position, long size, boolean shared) {
    throw noLocks();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw noLocks();
  }

  private static UnsupportedOperationException noLocks() {
    return new UnsupportedOperationException("a namespace has reservations, not locks");
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Waits for stages as channels do. */
  static final class Waits {
    private Waits() {}

    static void forEnd(CompletionStage<Completion> stage) throws IOException {
      try {
        stage.toCompletableFuture().get();
      } catch (ExecutionException e) {
        throw new IOException(String.valueOf(e.getCause()), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new java.io.InterruptedIOException("interrupted while an I/O was under way");
      }
    }
  }
}
