package io.mora.initiator.path.io;

import io.mora.initiator.Association;
import io.mora.initiator.BlockRange;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.FutureCompletion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.path.hedge.HedgeDelay;
import io.mora.initiator.path.route.Route;
import io.mora.initiator.region.RegionUse;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.NamespaceIdentifiers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A namespace with several paths, as its callers see it. */
final class PathNamespace implements RemoteNamespace {
  private static final int ANY = -1;

  private final SharedNamespace shared;
  private final int fixedQueue;
  private final @Nullable Intent intent;
  private final @Nullable IoConsumer consumer;

  /*
   * The same view of each path's namespace, by slot, made when first needed. Threads may each make
   * one; what is published is immutable.
   */
  private volatile @Nullable ByPath[] byPath = {};
  private volatile @Nullable PathNamespace stages;

  private record ByPath(RemoteNamespace of, RemoteNamespace view) {}

  PathNamespace(SharedNamespace shared) {
    this(shared, ANY, null, null);
  }

  private PathNamespace(
      SharedNamespace shared,
      int fixedQueue,
      @Nullable Intent intent,
      @Nullable IoConsumer consumer) {
    this.shared = shared;
    this.fixedQueue = fixedQueue;
    this.intent = intent;
    this.consumer = consumer;
  }

  /** This view by a path. */
  RemoteNamespace by(Route route) {
    int slot = route.path().load().slot();
    @Nullable ByPath[] known = byPath;
    ByPath view = slot < known.length ? known[slot] : null;
    return view != null && view.of == route.namespace() ? view.view : make(route, slot);
  }

  private synchronized RemoteNamespace make(Route route, int slot) {
    RemoteNamespace view = route.namespace();
    if (intent != null) {
      view = view.with(intent);
    }
    if (consumer != null) {
      view = view.with(consumer);
    }
    if (fixedQueue != ANY) {
      view = view.onQueue(fixedQueue % view.association().queues());
    }
    @Nullable ByPath[] more = Arrays.copyOf(byPath, Math.max(byPath.length, slot + 1));
    more[slot] = new ByPath(route.namespace(), view);
    byPath = more;
    return view;
  }

  @Override
  public int nsid() {
    return shared.last().nsid();
  }

  @Override
  public Association association() {
    return shared.last().association();
  }

  @Override
  public int blockBytes() {
    return shared.blockBytes();
  }

  @Override
  public long blocks() {
    return shared.last().blocks();
  }

  @Override
  public int transferBlocksMax() {
    return shared.last().transferBlocksMax();
  }

  @Override
  public IdentifyNamespace identify() {
    return shared.last().identify();
  }

  @Override
  public NamespaceIdentifiers identifiers() {
    return shared.last().identifiers();
  }

  @Override
  public RemoteNamespace onQueue(int queue) {
    if (queue < 0) {
      throw new IndexOutOfBoundsException("queue " + queue + ": 0 or more");
    }
    return new PathNamespace(shared, queue, intent, consumer);
  }

  @Override
  public RemoteNamespace with(Intent newIntent) {
    return new PathNamespace(shared, fixedQueue, newIntent, consumer);
  }

  @Override
  public RemoteNamespace with(IoConsumer newConsumer) {
    return new PathNamespace(shared, fixedQueue, intent, newConsumer);
  }

  /** Where stages end: as {@code ConnectOptions.completionExecutor} says, unless the view does. */
  private PathNamespace stages() {
    Executor executor = association().options().completionExecutor();
    if (consumer != null || executor == null) {
      return this;
    }
    PathNamespace known = stages;
    if (known == null) {
      IoConsumer on = IoConsumer.on(executor, IoConsumer.ANYWHERE);
      known = new PathNamespace(shared, fixedQueue, intent, on);
      stages = known;
    }
    return known;
  }

  /** A slot is one controller's, so this always fails: register by a path's own namespace. */
  @Override
  public CompletionStage<RegisteredRegion> register(long slba, long blocks, RegionUse use) {
    return CompletableFuture.failedFuture(
        new RejectedExecutionException("a region is registered at one controller: " + this));
  }

  @Override
  public CompletionStage<Completion> read(
      long slba, int blocks, ByteBuffer dst, IoOptions options) {
    FutureCompletion future = new FutureCompletion();
    return accepted(future, stages().read(slba, blocks, dst, options, future, 0));
  }

  @Override
  public CompletionStage<Completion> write(
      long slba, int blocks, ByteBuffer src, IoOptions options) {
    FutureCompletion future = new FutureCompletion();
    return accepted(future, stages().write(slba, blocks, src, options, future, 0));
  }

  @Override
  public CompletionStage<Completion> flush() {
    FutureCompletion future = new FutureCompletion();
    return accepted(future, stages().flush(future, 0));
  }

  @Override
  public CompletionStage<Completion> compare(long slba, int blocks, ByteBuffer expected) {
    checkRange(slba, blocks, expected);
    ByteBuffer own = expected.duplicate();
    return staged(NvmOpcode.COMPARE, by -> by.compare(slba, blocks, own));
  }

  @Override
  public CompletionStage<Completion> writeZeroes(long slba, long blocks, IoOptions options) {
    checkRange(slba, blocks);
    IoOptions own = new IoOptions().set(options).handle(null).region(null);
    return staged(NvmOpcode.WRITE_ZEROES, by -> by.writeZeroes(slba, blocks, own));
  }

  @Override
  public CompletionStage<Completion> deallocate(List<BlockRange> ranges) {
    List<BlockRange> own = List.copyOf(ranges);
    own.forEach(range -> checkRange(range.slba(), range.blocks()));
    return staged(NvmOpcode.DATASET_MANAGEMENT, by -> by.deallocate(own));
  }

  private CompletionStage<Completion> staged(
      int opcode, Function<RemoteNamespace, CompletionStage<Completion>> command) {
    FutureCompletion future = new FutureCompletion();
    PathIo io = shared.take();
    if (io == null) {
      return accepted(future, false);
    }
    io.start(this, opcode, StagedIo.telling(future), 0).staged(command);
    return accepted(future, shared.submit(io, 0));
  }

  private CompletionStage<Completion> accepted(FutureCompletion future, boolean accepted) {
    if (!accepted) {
      future.completeExceptionally(shared.refusal());
    }
    return future;
  }

  @Override
  public boolean read(
      long slba, int blocks, ByteBuffer dst, IoOptions options, IoCallback callback, long context) {
    if (dst.isReadOnly()) {
      throw new IllegalArgumentException("the buffer to read into is read-only");
    }
    checkRange(slba, blocks, dst);
    PathIo io = shared.take();
    if (io == null) {
      return false;
    }
    Intent own = options.intent() == null ? intent : options.intent();
    io.start(this, NvmOpcode.READ, callback, context)
        .range(slba, blocks, dst)
        .options(options, own);
    long budgetNs = HedgeDelay.budgetNs(own);
    if (shared.mayHedge(budgetNs, blocks)) {
      io.hedged(budgetNs);
    }
    return shared.submit(io, io.latencyClass());
  }

  @Override
  public boolean write(
      long slba, int blocks, ByteBuffer src, IoOptions options, IoCallback callback, long context) {
    checkRange(slba, blocks, src);
    PathIo io = shared.take();
    if (io == null) {
      return false;
    }
    io.start(this, NvmOpcode.WRITE, callback, context)
        .range(slba, blocks, src)
        .options(options, options.intent() == null ? intent : options.intent());
    return shared.submit(io, io.latencyClass());
  }

  @Override
  public boolean flush(IoCallback callback, long context) {
    PathIo io = shared.take();
    if (io == null) {
      return false;
    }
    io.start(this, NvmOpcode.FLUSH, callback, context);
    return shared.submit(io, 0);
  }

  private void checkRange(long slba, int blocks, ByteBuffer buffer) {
    checkRange(slba, blocks);
    long bytes = (long) blocks * blockBytes();
    if (bytes > buffer.remaining()) {
      throw new IllegalArgumentException(
          "buffer with " + buffer.remaining() + " bytes remaining: " + bytes + " needed");
    }
  }

  private void checkRange(long slba, long blocks) {
    long size = blocks();
    if (blocks < 1 || slba < 0 || slba > size - blocks) {
      throw new IndexOutOfBoundsException(
          "blocks " + slba + " + " + blocks + " of " + this + " with " + size + " blocks");
    }
  }

  @Override
  public String toString() {
    return "namespace " + Integer.toUnsignedString(nsid()) + " by several paths";
  }
}
