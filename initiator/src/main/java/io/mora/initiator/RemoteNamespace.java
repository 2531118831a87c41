package io.mora.initiator;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.region.RegionUse;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.initiator.step.Step;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.NamespaceIdentifiers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A namespace to read and write.
 *
 * <p><b>Buffers.</b> Data goes to or comes from the buffer's position as it is at the call; neither
 * position nor limit is changed, so slices of one buffer can be used at the same time. The buffer
 * is the caller's, but must not be touched until the command ended. Direct buffers are quicker.
 *
 * <p><b>Threads.</b> Every method may be called from any thread and none blocks. A command runs on
 * the queue nearest to its consumer ({@link #with(IoConsumer)}), or else of the calling loop, or
 * else nearest to the caller if the loops are pinned, and ends on that queue's loop thread unless
 * the consumer has an executor ({@link ConnectOptions#completionExecutor} does that for stages).
 * There is no order between commands: wait for one before submitting what must come after it.
 *
 * <p><b>Failures.</b> A stage fails with {@link io.mora.protocol.CommandException}, {@link
 * io.mora.protocol.ConnectionException} (timeout, connection given up, closed) or, when {@link
 * ConnectOptions#waitingMax} commands wait already, {@link
 * java.util.concurrent.RejectedExecutionException}. A range outside the namespace or a buffer that
 * is too small is a mistake of the caller and throws at once.
 *
 * <p><b>Lost connections.</b> Commands that were waiting or unanswered are sent again after a
 * reconnect. All of them have the same effect when done twice, as long as nobody writes the same
 * blocks meanwhile; a write that failed in the end may have happened.
 */
public interface RemoteNamespace {
  int nsid();

  Association association();

  /** Bytes of a block. */
  int blockBytes();

  /** Size in blocks, as last read. */
  long blocks();

  default long sizeBytes() {
    return blocks() * blockBytes();
  }

  /** Most blocks in one command; larger I/O is cut into several and ends once. */
  int transferBlocksMax();

  IdentifyNamespace identify();

  NamespaceIdentifiers identifiers();

  /** This namespace with every command on one queue, 0 to {@link Association#queues()} - 1. */
  RemoteNamespace onQueue(int queue);

  /** This namespace with an intent for every command that has none of its own. */
  RemoteNamespace with(Intent intent);

  /** This namespace with a consumer: nearest queue, and told where it wants to be. */
  RemoteNamespace with(IoConsumer consumer);

  /**
   * A step of a consumer: what it waits for and what it reads ahead, ended together.
   *
   * @param flow the request or job, 0 to 65535
   * @param budget of the whole step, from now
   */
  default Step step(int flow, Duration budget) {
    return new Step(this, flow, budget);
  }

  /**
   * Tells the controller to expect I/O to a range (feature E5h). Kept over reconnects.
   *
   * <p>Fails with {@link java.util.concurrent.RejectedExecutionException} when every slot is in use
   * or the controller offers none, else as a command.
   */
  CompletionStage<RegisteredRegion> register(long slba, long blocks, RegionUse use);

  CompletionStage<Completion> read(long slba, int blocks, ByteBuffer dst, IoOptions options);

  CompletionStage<Completion> write(long slba, int blocks, ByteBuffer src, IoOptions options);

  /** Fails with status {@code COMPARE_FAILURE} if the blocks hold something else. */
  CompletionStage<Completion> compare(long slba, int blocks, ByteBuffer expected);

  CompletionStage<Completion> writeZeroes(long slba, long blocks, IoOptions options);

  /**
   * Tells the controller that the blocks' content is no longer needed.
   *
   * @param ranges 1 to 256
   */
  CompletionStage<Completion> deallocate(List<BlockRange> ranges);

  /** Makes every write that completed before this call durable. */
  CompletionStage<Completion> flush();

  default CompletionStage<Completion> read(long slba, int blocks, ByteBuffer dst, Intent intent) {
    return read(slba, blocks, dst, IoOptions.of(intent));
  }

  default CompletionStage<Completion> write(long slba, int blocks, ByteBuffer src, Intent intent) {
    return write(slba, blocks, src, IoOptions.of(intent));
  }

  default CompletionStage<Completion> read(long slba, int blocks, ByteBuffer dst) {
    return read(slba, blocks, dst, IoOptions.PLAIN);
  }

  default CompletionStage<Completion> write(long slba, int blocks, ByteBuffer src) {
    return write(slba, blocks, src, IoOptions.PLAIN);
  }

  default CompletionStage<Completion> writeZeroes(long slba, long blocks) {
    return writeZeroes(slba, blocks, IoOptions.PLAIN);
  }

  /**
   * Reads without allocating; one object if it must be cut.
   *
   * @return false if it was refused because too many commands wait or the association is closed;
   *     the callback is then never called
   */
  boolean read(
      long slba, int blocks, ByteBuffer dst, IoOptions options, IoCallback callback, long context);

  /** As {@link #read(long, int, ByteBuffer, IoOptions, IoCallback, long)}. */
  boolean write(
      long slba, int blocks, ByteBuffer src, IoOptions options, IoCallback callback, long context);

  /** As {@link #read(long, int, ByteBuffer, IoOptions, IoCallback, long)}. */
  boolean flush(IoCallback callback, long context);
}
