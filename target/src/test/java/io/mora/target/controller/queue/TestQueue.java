package io.mora.target.controller.queue;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.H2cDataPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.qos.ArrivalOrder;
import io.mora.qos.ClassScheduler;
import io.mora.qos.SchedulerOptions;
import io.mora.target.metrics.StageRecorder;
import io.mora.target.shard.Admission;
import io.mora.target.shard.AlignedBufferPool;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A queue pair on a loop that never runs, with a clock that is set and a sink that takes notes. */
final class TestQueue implements QueueOwner, ResponseSink, CommandSet {
  static final int TRANSFER_BYTES = 64 << 10;

  final StillLoop loop;
  final AlignedBufferPool buffers;
  final AlignedBufferPool capsuleBuffers;
  final ShardTurn turn;
  final QueuePair pair;
  private final HostMemory memory;

  /** What was said, by name and CID. */
  final List<String> said = new ArrayList<>();

  /** Commands whose data was asked for. */
  final List<CommandSlot> asked = new ArrayList<>();

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
    this(depth, poolBytes, null);
  }

  private TestQueue(int depth, long poolBytes, @Nullable Long windowBytes) {
    loop = new StillLoop();
    buffers = new AlignedBufferPool(poolBytes, () -> {});
    capsuleBuffers = new AlignedBufferPool(AlignedBufferPool.MIN_LIMIT_BYTES, () -> {});
    Shard shard = new Shard(0, loop, buffers, capsuleBuffers);
    StageRecorder recorder = (opcode, queued, device, total) -> {};
    turn =
        windowBytes == null
            ? new ShardTurn(shard, new ArrivalOrder(4), recorder)
            : new ShardTurn(
                shard,
                new ClassScheduler(SchedulerOptions.DEVICES),
                new Admission(SchedulerOptions.ADMISSION, windowBytes, afterNs -> {}, loop.nowNs),
                recorder);
    memory = HostMemory.unbounded(shard);
    pair = pair(depth);
  }

  private TestQueue(int depth, TestQueue beside, HostMemory memory) {
    loop = beside.loop;
    buffers = beside.buffers;
    capsuleBuffers = beside.capsuleBuffers;
    turn = beside.turn;
    this.memory = memory;
    pair = pair(depth);
  }

  private QueuePair pair(int depth) {
    return new QueuePair(this, new QueuePair.Shape(1, depth, false), turn, this, this);
  }

  /** Of a shard that goes by class, where so much may be asked for. */
  static TestQueue byClass(int depth, long poolBytes, long windowBytes) {
    return new TestQueue(depth, poolBytes, windowBytes);
  }

  /** Another of the same shard, of a host that may hold so much. */
  TestQueue beside(int depth, HostMemory ofHost) {
    return new TestQueue(depth, this, ofHost);
  }

  @Override
  public Limits limits() {
    return new Limits(
        4, 128, 16 << 10, TRANSFER_BYTES, 64 << 10, TRANSFER_BYTES, 4L * TRANSFER_BYTES, 0, 16);
  }

  @Override
  public HostMemory memory(QueuePair queuePair) {
    return memory;
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
    asked.add(slot);
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
    slot.moveTo(SlotState.READY, loop.nowNs);
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

  /** The host sends all that it was asked for first. */
  void sendData() {
    CommandSlot slot = asked.remove(0);
    int length = slot.r2tEnd - slot.received;
    ByteBuf pdu = Unpooled.buffer(H2cDataPdu.LENGTH, H2cDataPdu.LENGTH);
    pdu.writerIndex(H2cDataPdu.LENGTH);
    pdu.setByte(CommonHeader.FLAGS, CommonHeader.LAST_PDU);
    H2cDataPdu.writeFields(pdu, 0, slot.cid, slot.index, slot.received, length);
    try {
      pair.onH2cData(pdu, 0, length);
      pair.onData(Unpooled.buffer(length).writeZero(length), 0, length);
      pair.onDataEnd(true);
    } catch (PduException e) {
      throw new AssertionError(e);
    }
  }

  /** What was executed first ends. */
  void end() {
    CommandSlot slot = executing.remove(0);
    pair.finish(slot);
    pair.sent(slot);
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
