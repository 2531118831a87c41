package io.mora.initiator;

import io.mora.initiator.io.Completion;
import io.mora.initiator.io.FutureCompletion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.PendingCommand;
import io.mora.initiator.queue.SplitTransfer;
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

/** A namespace over the I/O queues of one association. */
final class QueuedNamespace implements RemoteNamespace {
  private static final int ANY = -1;

  private final TcpAssociation association;
  private final NamespaceAttachment attachment;
  private final int nsid;
  private final int blockBytes;
  private final int transferBlocksMax;
  private final int zeroBlocksMax;
  private final int fixedQueue;

  QueuedNamespace(TcpAssociation association, NamespaceAttachment attachment) {
    this(association, attachment, ANY);
  }

  private QueuedNamespace(
      TcpAssociation association, NamespaceAttachment attachment, int fixedQueue) {
    this.association = association;
    this.attachment = attachment;
    this.nsid = attachment.info().nsid();
    this.blockBytes = attachment.info().blockBytes();
    long mdts = association.identify().maxDataTransferBytes() / blockBytes;
    this.zeroBlocksMax = (int) Math.max(1, Math.min(ReadWrite.BLOCKS_MAX, mdts));
    int asked = association.options().transferBytesMax() / blockBytes;
    this.transferBlocksMax = Math.max(1, Math.min(zeroBlocksMax, asked));
    this.fixedQueue = fixedQueue;
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

  @Override
  public RemoteNamespace onQueue(int queue) {
    Objects.checkIndex(queue, association.queues());
    return new QueuedNamespace(association, attachment, queue);
  }

  @Override
  public CompletionStage<Completion> read(
      long slba, int blocks, ByteBuffer dst, IoOptions options) {
    FutureCompletion future = future();
    return accepted(future, read(slba, blocks, dst, options, future, 0));
  }

  @Override
  public CompletionStage<Completion> write(
      long slba, int blocks, ByteBuffer src, IoOptions options) {
    FutureCompletion future = future();
    return accepted(future, write(slba, blocks, src, options, future, 0));
  }

  @Override
  public CompletionStage<Completion> compare(long slba, int blocks, ByteBuffer expected) {
    FutureCompletion future = future();
    SplitTransfer transfer =
        new SplitTransfer(queue(), transferBlocksMax)
            .range(NvmOpcode.COMPARE, nsid, slba, blocks)
            .options(IoOptions.PLAIN)
            .send(expected, bytes(slba, blocks, expected))
            .callback(future, 0);
    return accepted(future, isThere() && transfer.start());
  }

  @Override
  public CompletionStage<Completion> writeZeroes(long slba, long blocks, IoOptions options) {
    checkRange(slba, blocks);
    FutureCompletion future = future();
    SplitTransfer transfer =
        new SplitTransfer(queue(), zeroBlocksMax)
            .range(NvmOpcode.WRITE_ZEROES, nsid, slba, blocks)
            .options(options)
            .callback(future, 0);
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
    FutureCompletion future = future();
    HostQueuePair queue = queue();
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return accepted(future, false);
    }
    command
        .start(NvmOpcode.DATASET_MANAGEMENT, nsid)
        .resend(true)
        .send(ByteBuffer.wrap(data.array()), 0, ranges.size() * DatasetManagement.RANGE_LENGTH)
        .callback(future, 0);
    Sqe.setDword(command.sqe(), 0, Sqe.CDW10, ranges.size() - 1);
    Sqe.setDword(command.sqe(), 0, Sqe.CDW11, DatasetManagement.DEALLOCATE);
    queue.publish(command);
    return future;
  }

  @Override
  public CompletionStage<Completion> flush() {
    FutureCompletion future = future();
    return accepted(future, flush(future, 0));
  }

  @Override
  public boolean read(
      long slba, int blocks, ByteBuffer dst, IoOptions options, IoCallback callback, long context) {
    if (dst.isReadOnly()) {
      throw new IllegalArgumentException("the buffer to read into is read-only");
    }
    int bytes = bytes(slba, blocks, dst);
    HostQueuePair queue = queue();
    if (blocks > transferBlocksMax) {
      SplitTransfer transfer =
          new SplitTransfer(queue, transferBlocksMax)
              .range(NvmOpcode.READ, nsid, slba, blocks)
              .options(options)
              .receive(dst, bytes)
              .callback(callback, context);
      return isThere() && transfer.start();
    }
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return false;
    }
    begin(command, NvmOpcode.READ, options).receive(dst, dst.position(), bytes);
    ReadWrite.write(command.sqe(), 0, slba, blocks, options.cdw12());
    queue.publish(command.callback(callback, context));
    return true;
  }

  @Override
  public boolean write(
      long slba, int blocks, ByteBuffer src, IoOptions options, IoCallback callback, long context) {
    int bytes = bytes(slba, blocks, src);
    HostQueuePair queue = queue();
    if (blocks > transferBlocksMax) {
      SplitTransfer transfer =
          new SplitTransfer(queue, transferBlocksMax)
              .range(NvmOpcode.WRITE, nsid, slba, blocks)
              .options(options)
              .send(src, bytes)
              .callback(callback, context);
      return isThere() && transfer.start();
    }
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return false;
    }
    begin(command, NvmOpcode.WRITE, options).send(src, src.position(), bytes);
    ReadWrite.write(command.sqe(), 0, slba, blocks, options.cdw12());
    queue.publish(command.callback(callback, context));
    return true;
  }

  @Override
  public boolean flush(IoCallback callback, long context) {
    HostQueuePair queue = queue();
    PendingCommand command = isThere() ? queue.claim() : null;
    if (command == null) {
      return false;
    }
    begin(command, NvmOpcode.FLUSH, IoOptions.PLAIN).callback(callback, context);
    queue.publish(command);
    return true;
  }

  private PendingCommand begin(PendingCommand command, int opcode, IoOptions options) {
    return command.start(opcode, nsid).resend(true).intendedStartNs(options.intendedStartNs());
  }

  private HostQueuePair queue() {
    return fixedQueue == ANY ? association.queueOfCaller() : association.queue(fixedQueue);
  }

  private boolean isThere() {
    return !attachment.isGone();
  }

  private FutureCompletion future() {
    return new FutureCompletion(association.options().completionExecutor());
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
