package io.mora.initiator.control;

import io.mora.initiator.io.Completion;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.transfer.RawSubmission;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.PropertyAccess;
import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Admin commands by name. Any thread; futures complete on the admin queue's loop, with {@link
 * io.mora.protocol.NvmeException} when they fail.
 */
public final class AdminQueue {
  private final HostQueuePair queue;

  public AdminQueue(HostQueuePair queue) {
    this.queue = queue;
  }

  public HostQueuePair pair() {
    return queue;
  }

  public CompletableFuture<Completion> submit(RawCommand command) {
    return RawSubmission.submit(queue, command, null);
  }

  /** A property of four bytes, or of eight with {@link PropertyAccess#SIZE_8}. */
  public CompletableFuture<Long> propertyGet(int property, int size) {
    RawCommand command = new RawCommand(AdminOpcode.FABRICS, 0);
    PropertyAccess.writeGet(command.sqe(), 0, 0, size, property);
    boolean wide = size == PropertyAccess.SIZE_8;
    return submit(command)
        .thenApply(done -> wide ? done.result() : Integer.toUnsignedLong(done.dw0()));
  }

  /** Sets a property of four bytes. */
  public CompletableFuture<Completion> propertySet(int property, int value) {
    RawCommand command = new RawCommand(AdminOpcode.FABRICS, 0);
    PropertyAccess.writeSet(command.sqe(), 0, 0, property, value);
    return submit(command);
  }

  /** The {@value Identify#DATA_LENGTH} bytes of an Identify structure, from index 0. */
  public CompletableFuture<ByteBuf> identify(int cns, int nsid) {
    ByteBuffer data = ByteBuffer.allocate(Identify.DATA_LENGTH);
    RawCommand command =
        new RawCommand(AdminOpcode.IDENTIFY, nsid).dword(Sqe.CDW10, cns).receive(data);
    return submit(command).thenApply(done -> Unpooled.wrappedBuffer(data));
  }

  /**
   * Part of a log page, from index 0.
   *
   * @param lidLspRae CDW10 15:0
   * @param lengthBytes a multiple of 4
   */
  public CompletableFuture<ByteBuf> log(int lidLspRae, int lengthBytes, long offset) {
    ByteBuffer data = ByteBuffer.allocate(lengthBytes);
    RawCommand command = new RawCommand(AdminOpcode.GET_LOG_PAGE, 0).receive(data);
    GetLogPage.write(command.sqe(), 0, lidLspRae, lengthBytes, offset);
    return submit(command).thenApply(done -> Unpooled.wrappedBuffer(data));
  }

  /** Set Features without data; the reply's DW0. */
  public CompletableFuture<Integer> setFeature(int fid, int value) {
    RawCommand command =
        new RawCommand(AdminOpcode.SET_FEATURES, 0).dword(Sqe.CDW10, fid).dword(Sqe.CDW11, value);
    return submit(command).thenApply(Completion::dw0);
  }
}
