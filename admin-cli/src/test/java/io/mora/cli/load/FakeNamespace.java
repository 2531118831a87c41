package io.mora.cli.load;

import io.mora.initiator.Association;
import io.mora.initiator.BlockRange;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.region.RegionUse;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.protocol.CommandException;
import io.mora.protocol.NvmeException;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.NamespaceIdentifiers;
import io.mora.protocol.status.Status;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A namespace in memory whose I/Os end when {@link #complete} says so, at a time it is told. Stages
 * complete at once.
 */
public final class FakeNamespace implements RemoteNamespace {
  public static final int BLOCK = 512;

  private final byte[] blocks;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  public int failWith;
  public boolean refuse;
  public boolean corrupt;
  public int mostPending;
  public long nowNs;

  private record Pending(
      IoCallback callback, long context, boolean read, long at, ByteBuffer data, long intendedNs) {}

  public FakeNamespace(int sizeBlocks) {
    blocks = new byte[sizeBlocks * BLOCK];
  }

  /** Ends the oldest I/O at {@link #nowNs}; false if there is none. */
  public synchronized boolean complete() {
    Pending oldest = pending.poll();
    if (oldest == null) {
      return false;
    }
    if (failWith == 0) {
      move(oldest.read, oldest.at, oldest.data);
      if (corrupt && oldest.read) {
        oldest.data.put(
            oldest.data.capacity() - 1, (byte) ~oldest.data.get(oldest.data.capacity() - 1));
      }
    }
    oldest.callback.completed(
        oldest.context, failWith, new Ended(failWith, oldest.intendedNs, nowNs));
    return true;
  }

  private void move(boolean read, long at, ByteBuffer data) {
    int length = data.remaining();
    if (read) {
      data.put(data.position(), blocks, (int) at, length);
    } else {
      data.get(data.position(), blocks, (int) at, length);
    }
  }

  private synchronized boolean submit(
      boolean read, long slba, ByteBuffer data, IoOptions options, IoCallback back, long context) {
    if (refuse) {
      return false;
    }
    long intended = options.intendedStartNs() == 0 ? nowNs : options.intendedStartNs();
    pending.add(new Pending(back, context, read, slba * BLOCK, data, intended));
    mostPending = Math.max(mostPending, pending.size());
    return true;
  }

  @Override
  public boolean read(
      long slba, int count, ByteBuffer dst, IoOptions options, IoCallback callback, long context) {
    return submit(true, slba, dst, options, callback, context);
  }

  @Override
  public boolean write(
      long slba, int count, ByteBuffer src, IoOptions options, IoCallback callback, long context) {
    return submit(false, slba, src, options, callback, context);
  }

  @Override
  public CompletionStage<Completion> read(long slba, int count, ByteBuffer dst, IoOptions options) {
    move(true, slba * BLOCK, dst);
    return done();
  }

  @Override
  public CompletionStage<Completion> write(
      long slba, int count, ByteBuffer src, IoOptions options) {
    move(false, slba * BLOCK, src);
    return done();
  }

  private static CompletionStage<Completion> done() {
    return CompletableFuture.completedFuture(Completion.of(new Ended(0, 0, 0)));
  }

  @Override
  public CompletionStage<Completion> flush() {
    return done();
  }

  @Override
  public boolean flush(IoCallback callback, long context) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int nsid() {
    return 1;
  }

  @Override
  public Association association() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int blockBytes() {
    return BLOCK;
  }

  @Override
  public long blocks() {
    return blocks.length / BLOCK;
  }

  @Override
  public int transferBlocksMax() {
    return 16;
  }

  @Override
  public IdentifyNamespace identify() {
    throw new UnsupportedOperationException();
  }

  @Override
  public NamespaceIdentifiers identifiers() {
    throw new UnsupportedOperationException();
  }

  @Override
  public RemoteNamespace with(Intent intent) {
    return this;
  }

  @Override
  public RemoteNamespace with(IoConsumer consumer) {
    return this;
  }

  @Override
  public CompletionStage<RegisteredRegion> register(long slba, long count, RegionUse use) {
    return CompletableFuture.failedFuture(new UnsupportedOperationException("register"));
  }

  @Override
  public RemoteNamespace onQueue(int queue) {
    return this;
  }

  @Override
  public CompletionStage<Completion> compare(long slba, int count, ByteBuffer expected) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Completion> writeZeroes(long slba, long count, IoOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Completion> deallocate(List<BlockRange> ranges) {
    throw new UnsupportedOperationException();
  }

  /** An I/O that was sent when it was meant to. */
  private record Ended(int status, long intendedStartNs, long completedNs) implements IoResult {
    @Override
    public long result() {
      return 0;
    }

    @Override
    public int opcode() {
      return 2;
    }

    @Override
    public int cid() {
      return 0;
    }

    @Override
    public int retries() {
      return 0;
    }

    @Override
    public long submittedNs() {
      return intendedStartNs;
    }

    @Override
    public long sentNs() {
      return intendedStartNs;
    }

    @Override
    public @Nullable NvmeException failure() {
      return null;
    }

    @Override
    public NvmeException exception() {
      return new CommandException(Status.isSuccess(status) ? Status.INTERNAL_ERROR : status, 2, 0);
    }
  }
}
