package io.mora.initiator;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.FutureCompletion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.PendingCommand;
import io.mora.initiator.region.RegionUse;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.initiator.sync.ThreadQueue;
import io.mora.initiator.transfer.SplitTransfer;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.DatasetManagement;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.NamespaceIdentifiers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A namespace over the I/O queues of one association. */
final class QueuedNamespace implements RemoteNamespace {
  private static final int ANY = -1;

  private final TcpAssociation association;
  private final NamespaceAttachment attachment;
  private final int nsid;
  private final int blockBytes;
  private final int transferBlocksMax;
  private final int zeroBlocksMax;
  private final View view;

  /** What this object's I/O has in common. A thread's own queue comes before a number. */
  private record View(
      int fixedQueue,
      @Nullable ThreadQueue own,
      @Nullable Intent intent,
      @Nullable IoConsumer consumer) {}

  QueuedNamespace(TcpAssociation association, NamespaceAttachment attachment) {
    this(association, attachment, new View(ANY, null, null, null));
  }

  private QueuedNamespace(TcpAssociation association, NamespaceAttachment attachment, View view) {
    this.association = association;
    this.attachment = attachment;
    this.nsid = attachment.info().nsid();
    this.blockBytes = attachment.info().blockBytes();
    long mdts = association.identify().maxDataTransferBytes() / blockBytes;
    this.zeroBlocksMax = (int) Math.max(1, Math.min(ReadWrite.BLOCKS_MAX, mdts));
    int asked = association.options().transferBytesMax() / blockBytes;
    this.transferBlocksMax = Math.max(1, Math.min(zeroBlocksMax, asked));
    this.view = view;
  }

  NamespaceAttachment attachment() {
    return attachment;
  }

  @Override
  public int nsid() {
    return nsid;
  }

  @Override
  public Association association() {
    return association;
  }

  @Override
  public int blockBytes() {
    return blockBytes;
  }

  @Override
  public long blocks() {
    return identify().sizeBlocks();
  }

  @Override
  public int transferBlocksMax() {
    return transferBlocksMax;
  }

  @Override
  public IdentifyNamespace identify() {
    return attachment.info().identify();
  }

  @Override
  public NamespaceIdentifiers identifiers() {
    return attachment.info().identifiers();
  }

  private RemoteNamespace view(View other) {
    return new QueuedNamespace(association, attachment, other);
  }

  /** This namespace with every command on a queue that one thread drives, and ended there. */
  RemoteNamespace onThread(ThreadQueue queue) {
    return view(new View(ANY, queue, view.intent, null));
  }

  @Override
  public RemoteNamespace onQueue(int queue) {
    Objects.checkIndex(queue, association.queues());
    return view(new View(queue, null, view.intent, view.consumer));
  }

  @Override
  public RemoteNamespace with(Intent intent) {
    return view(new View(view.fixedQueue, view.own, intent, view.consumer));
  }

  @Override
  public RemoteNamespace with(IoConsumer consumer) {
    return view(new View(view.fixedQueue, null, view.intent, consumer));
  }

  @Override
  public CompletionStage<RegisteredRegion> register(long slba, long blocks, RegionUse use) {
    checkRange(slba, blocks);
    return association.life().session().regions().register(nsid, slba, blocks, use);
  }

  @Override
  public CompletionStage<Completion> read(
      long slba, int blocks, ByteBuffer dst, IoOptions options) {
    FutureCompletion future = new FutureCompletion();
    return accepted(future, read(slba, blocks, dst, options, future, 0));
  }

  @Override
  public CompletionStage<Completion> write(
      long slba, int blocks, ByteBuffer src, IoOptions options) {
    FutureCompletion future = new FutureCompletion();
    return accepted(future, write(slba, blocks, src, options, future, 0));
  }

  @Override
  public CompletionStage<Completion> compare(long slba, int blocks, ByteBuffer expected) {
    FutureCompletion future = new FutureCompletion();
    SplitTransfer transfer =
        split(transferBlocksMax, IoOptions.PLAIN)
            .range(NvmOpcode.COMPARE, nsid, slba, blocks)
            .send(expected, bytes(slba, blocks, expected))
            .callback(future, 0)
            .consumer(consumerOf(future));
    return accepted(future, isThere() && transfer.start());
  }

  @Override
  public CompletionStage<Completion> writeZeroes(long slba, long blocks, IoOptions options) {
    checkRange(slba, blocks);
    FutureCompletion future = new FutureCompletion();
    SplitTransfer transfer =
        split(zeroBlocksMax, options)
            .range(NvmOpcode.WRITE_ZEROES, nsid, slba, blocks)
            .callback(future, 0)
            .consumer(consumerOf(future));
    return accepted(future, isThere() && transfer.start());
  }

  @Override
  public CompletionStage<Completion> deallocate(List<BlockRange> ranges) {
    if (ranges.isEmpty() || ranges.size() > DatasetManagement.RANGES_MAX) {
      throw new IllegalArgumentException(
          ranges.size() + " ranges: 1 to " + DatasetManagement.RANGES_MAX);
    }
    ByteBuf data = Unpooled.buffer(ranges.size() * DatasetManagement.RANGE_LENGTH);
    for (int i = 0; i < ranges.size(); i++) {
      BlockRange range = ranges.get(i);
      checkRange(range.slba(), range.blocks());
      DatasetManagement.writeRange(
          data, i * DatasetManagement.RANGE_LENGTH, range.slba(), (int) range.blocks());
    }
    FutureCompletion future = new FutureCompletion();
    HostQueuePair queue = queue();
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return accepted(future, false);
    }
    begin(command, NvmOpcode.DATASET_MANAGEMENT, queue, IoOptions.PLAIN)
        .send(ByteBuffer.wrap(data.array()), 0, ranges.size() * DatasetManagement.RANGE_LENGTH)
        .consumer(consumerOf(future))
        .callback(future, 0);
    Sqe.setDword(command.sqe(), 0, Sqe.CDW10, ranges.size() - 1);
    Sqe.setDword(command.sqe(), 0, Sqe.CDW11, DatasetManagement.DEALLOCATE);
    queue.publish(command);
    return future;
  }

  @Override
  public CompletionStage<Completion> flush() {
    FutureCompletion future = new FutureCompletion();
    return accepted(future, flush(future, 0));
  }

  @Override
  public boolean read(
      long slba, int blocks, ByteBuffer dst, IoOptions options, IoCallback callback, long context) {
    if (dst.isReadOnly()) {
      throw new IllegalArgumentException("the buffer to read into is read-only");
    }
    int bytes = bytes(slba, blocks, dst);
    if (blocks > transferBlocksMax) {
      SplitTransfer transfer =
          split(transferBlocksMax, options)
              .range(NvmOpcode.READ, nsid, slba, blocks)
              .receive(dst, bytes)
              .callback(callback, context)
              .consumer(consumerOf(callback));
      return isThere() && transfer.start();
    }
    HostQueuePair queue = queue();
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return false;
    }
    begin(command, NvmOpcode.READ, queue, options).receive(dst, dst.position(), bytes);
    ReadWrite.write(command.sqe(), 0, slba, blocks, options.cdw12());
    queue.publish(command.consumer(consumerOf(callback)).callback(callback, context));
    return true;
  }

  @Override
  public boolean write(
      long slba, int blocks, ByteBuffer src, IoOptions options, IoCallback callback, long context) {
    int bytes = bytes(slba, blocks, src);
    if (blocks > transferBlocksMax) {
      SplitTransfer transfer =
          split(transferBlocksMax, options)
              .range(NvmOpcode.WRITE, nsid, slba, blocks)
              .send(src, bytes)
              .callback(callback, context)
              .consumer(consumerOf(callback));
      return isThere() && transfer.start();
    }
    HostQueuePair queue = queue();
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return false;
    }
    begin(command, NvmOpcode.WRITE, queue, options).send(src, src.position(), bytes);
    ReadWrite.write(command.sqe(), 0, slba, blocks, options.cdw12());
    queue.publish(command.consumer(consumerOf(callback)).callback(callback, context));
    return true;
  }

  @Override
  public boolean flush(IoCallback callback, long context) {
    HostQueuePair queue = queue();
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return false;
    }
    begin(command, NvmOpcode.FLUSH, queue, IoOptions.PLAIN)
        .consumer(consumerOf(callback))
        .callback(callback, context);
    queue.publish(command);
    return true;
  }

  private PendingCommand begin(
      PendingCommand command, int opcode, HostQueuePair queue, IoOptions options) {
    command.start(opcode, nsid).resend(true).intendedStartNs(options.intendedStartNs());
    Intent intent = intent(options);
    if (intent != null) {
      command.intent(intent.cdw2(), intent.cdw3());
    }
    IoHandle handle = options.handle();
    if (handle != null) {
      handle.bind(queue.canceller(), command);
    }
    return command.region(options.region()).handle(handle);
  }

  private SplitTransfer split(int pieceBlocks, IoOptions options) {
    return new SplitTransfer(queue(), pieceBlocks).options(options, intent(options));
  }

  private @Nullable Intent intent(IoOptions options) {
    Intent own = options.intent();
    return own == null ? view.intent : own;
  }

  /** Stages may have a place of their own. */
  private @Nullable IoConsumer consumerOf(IoCallback callback) {
    IoConsumer own = view.consumer;
    boolean anywhere = own == null && view.own == null;
    return anywhere && callback instanceof FutureCompletion ? association.stages() : own;
  }

  private HostQueuePair queue() {
    ThreadQueue own = view.own;
    if (own != null) {
      return own.queue();
    }
    return view.fixedQueue == ANY
        ? association.selector().queueFor(view.consumer)
        : association.queue(view.fixedQueue);
  }

  boolean isThere() {
    return !attachment.isGone();
  }

  private CompletionStage<Completion> accepted(FutureCompletion future, boolean accepted) {
    if (!accepted) {
      future.completeExceptionally(
          isThere()
              ? queue().refusal()
              : new ConnectionException(Reason.INCOMPATIBLE, this + " is gone"));
    }
    return future;
  }

  /** Bytes of the blocks, which must lie in the namespace and fit the buffer. */
  private int bytes(long slba, int blocks, ByteBuffer buffer) {
    checkRange(slba, blocks);
    long bytes = (long) blocks * blockBytes;
    if (bytes > buffer.remaining()) {
      throw new IllegalArgumentException(
          "buffer with " + buffer.remaining() + " bytes remaining: " + bytes + " needed");
    }
    return (int) bytes;
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
    return "namespace " + Integer.toUnsignedString(nsid);
  }
}
