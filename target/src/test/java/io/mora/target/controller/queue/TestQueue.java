package io.mora.target.controller.queue;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.PduException;
import io.mora.qos.ArrivalOrder;
import io.mora.target.shard.AlignedBufferPool;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** A queue pair on a loop that never runs, with a clock that is set and a sink that takes notes. */
final class TestQueue implements QueueOwner, ResponseSink, CommandSet {
  static final int TRANSFER_BYTES = 64 << 10;

  final StillLoop loop = new StillLoop();
  final AlignedBufferPool buffers;
  final AlignedBufferPool capsuleBuffers;
  final ShardTurn turn;
  final QueuePair pair;

  /** What was said, by name and CID. */
  final List<String> said = new ArrayList<>();

  /** Commands that were executed and wait for the test to finish them. */
  final List<CommandSlot> executing = new ArrayList<>();

  /** What {@link #init} answers. */
  int verdict = READY;

  /** Commands ask for one block instead of the most there is. */
  boolean smallest;

  boolean drained;

  TestQueue(int depth) {
    this(depth, 2 << 20);
  }

  TestQueue(int depth, long poolBytes) {
    buffers = new AlignedBufferPool(poolBytes, () -> {});
    capsuleBuffers = new AlignedBufferPool(AlignedBufferPool.MIN_LIMIT_BYTES, () -> {});
    Shard shard = new Shard(0, loop, buffers, capsuleBuffers);
    turn = new ShardTurn(shard, new ArrivalOrder(4), (opcode, queued, device, total) -> {});
    pair = new QueuePair(this, new QueuePair.Shape(1, depth, false), turn, this, this);
  }

  @Override
  public Limits limits() {
    return new Limits(
        4, 128, 16 << 10, TRANSFER_BYTES, 64 << 10, TRANSFER_BYTES, 4L * TRANSFER_BYTES, 0, 16);
  }

  @Override
  public HostMemory memory(QueuePair queuePair) {
    return HostMemory.unbounded(queuePair.turn().shard());
  }

  @Override
  public void commandFailed(QueuePair queuePair, CommandSlot slot) {
    said.add("failed " + slot.cid);
  }

  @Override
  public void queueDrained(QueuePair queuePair) {
    drained = true;
  }

  @Override
  public void respond(CommandSlot slot) {
    said.add("respond " + slot.cid);
  }

  @Override
  public void respondTo(int cid, int sqhd, int status, long result) {
    said.add("respondTo " + cid);
  }

  @Override
  public void respondWithData(CommandSlot slot, IoBuffer data, int length) {
    said.add("data " + slot.cid);
  }

  @Override
  public boolean sendsInPlace() {
    return false;
  }

  @Override
  public void requestData(CommandSlot slot, int offset, int length) {
    said.add("r2t " + slot.cid + " " + offset + " " + length);
  }

  @Override
  public void close(String reason) {
    said.add("close");
  }

  @Override
  public void resumeReading() {
    said.add("resume");
  }

  @Override
  public int init(CommandSlot slot) {
    slot.dataLength = smallest ? 4096 : TRANSFER_BYTES;
    return verdict;
  }

  @Override
  public void execute(CommandSlot slot) {
    executing.add(slot);
  }

  @Override
  public void stepDone(CommandSlot slot, int status) {
    slot.queuePair.finish(slot);
  }

  /** The host sends a command without data. */
  void command(int cid) {
    try {
      pair.onCapsuleCmd(sqe(cid), 0, 0);
    } catch (PduException e) {
      throw new AssertionError(e);
    }
  }

  static ByteBuf sqe(int cid) {
    ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH, Sqe.LENGTH);
    Sqe.start(sqe, 0, 0x02, cid, 1);
    return sqe;
  }

  /** What a shard does at the end of a turn, buffers first. */
  void endTurn() {
    loop.round++;
    buffers.endOfTurn();
    capsuleBuffers.endOfTurn();
    turn.endOfTurn();
  }
}
