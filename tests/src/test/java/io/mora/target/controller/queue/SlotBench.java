package io.mora.target.controller.queue;

import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.protocol.pdu.PduException;
import io.mora.qos.ArrivalOrder;
import io.mora.target.shard.AlignedBufferPool;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a command's slot costs at the target, with so many under way that end in order: the table
 * alone, and the whole way through a queue pair, of which scheduler, device and socket are left
 * out. tests/bench/parts runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SlotBench implements QueueOwner, ResponseSink, CommandSet {
  private static final int BLOCK_BYTES = 4096;
  private static final long POOL_BYTES = 64L << 20;
  private static final long STOP_MS = 10_000;

  @Param({"1", "128"})
  public int depth = 128;

  /** Whether the host's buffers are bounded, with room left, or not. */
  @Param({"off", "on"})
  public String hostMemory = "off";

  private final IoLoop loop =
      IoLoop.start(TransportKind.NIO, LoopOptions.DEFAULT, body -> new Thread(body, "still"));
  private final AlignedBufferPool buffers = new AlignedBufferPool(POOL_BYTES, () -> {}, 8);
  private final AlignedBufferPool capsules = new AlignedBufferPool(POOL_BYTES, () -> {});
  private final ByteBuf sqe = ByteBufAllocator.DEFAULT.directBuffer(Sqe.LENGTH, Sqe.LENGTH);
  private CommandSlot[] underWay = new CommandSlot[0];
  private SlotTable table = new SlotTable(pair(1), 1);
  private QueuePair pair = pair(1);
  private int cid;
  private int next;
  private long nowNs;
  private int replies;

  private QueuePair pair(int entries) {
    Shard shard = new Shard(0, loop, buffers, capsules);
    ShardTurn turn =
        new ShardTurn(shard, new ArrivalOrder(4), (opcode, queued, device, total) -> {});
    return new QueuePair(this, new QueuePair.Shape(1, entries, true), turn, this, this);
  }

  @Setup
  public void setup() throws PduException {
    Sqe.start(sqe, 0, NvmOpcode.READ, 0, 1);
    pair = pair(depth + 1);
    table = new SlotTable(pair, depth + 1);
    underWay = new CommandSlot[depth];
    for (int i = 0; i < depth; i++) {
      underWay[i] = begin();
    }
  }

  @TearDown
  public void tearDown() throws InterruptedException {
    loop.shutdown(STOP_MS);
    sqe.release();
  }

  private int nextCid() {
    cid = cid + 1 & 0xFFFF;
    return cid;
  }

  private CommandSlot begin() {
    CommandSlot slot = table.take();
    sqe.getBytes(0, slot.sqe, 0, Sqe.LENGTH);
    slot.reset(nextCid());
    slot.moveTo(SlotState.RECEIVED, nowNs++);
    if (table.find(slot.cid) != null) {
      throw new IllegalStateException("CID " + slot.cid + " is under way");
    }
    table.add(slot);
    slot.moveTo(SlotState.QUEUED, nowNs++);
    slot.moveTo(SlotState.EXECUTING, nowNs++);
    return slot;
  }

  /** Table and states: a command ends and another begins. */
  @Benchmark
  public CommandSlot slot() {
    CommandSlot slot = underWay[next];
    slot.moveTo(SlotState.READY, nowNs++);
    table.remove(slot);
    slot.moveTo(SlotState.SENDING, nowNs++);
    slot.moveTo(SlotState.FREE, 0);
    table.give(slot);
    underWay[next] = begin();
    next = next + 1 == depth ? 0 : next + 1;
    return slot;
  }

  /** A read by its queue pair: capsule, slot, buffer, reply, sent. */
  @Benchmark
  public int read() throws PduException {
    Sqe.setCid(sqe, 0, nextCid());
    pair.onCapsuleCmd(sqe, 0, 0);
    return replies;
  }

  // --- what the queue pair has around it: a command set that is done at once, and no socket

  @Override
  public int init(CommandSlot slot) {
    slot.dataLength = BLOCK_BYTES;
    return DATA_TO_HOST;
  }

  @Override
  public void execute(CommandSlot slot) {
    slot.queuePair.finish(slot, Objects.requireNonNull(slot.buffer), BLOCK_BYTES);
  }

  @Override
  public void stepDone(CommandSlot slot, int status) {
    slot.queuePair.finish(slot);
  }

  @Override
  public boolean sendsInPlace() {
    return false;
  }

  @Override
  public void respondWithData(CommandSlot slot, IoBuffer data, int length) {
    replies++;
    slot.queuePair.sent(slot);
  }

  @Override
  public void respond(CommandSlot slot) {
    throw new IllegalStateException("a read that failed: " + slot);
  }

  @Override
  public void requestData(CommandSlot slot, int offset, int length) {
    throw new IllegalStateException("no write is sent");
  }

  @Override
  public void respondTo(int answered, int sqhd, int status, long result) {
    throw new IllegalStateException("every command has a slot");
  }

  @Override
  public void close(String reason) {
    throw new IllegalStateException(reason);
  }

  @Override
  public void resumeReading() {}

  @Override
  public HostMemory memory(QueuePair queuePair) {
    long limitBytes = hostMemory.equals("on") ? POOL_BYTES : LimitsSpec.OFF;
    return HostMemory.of(queuePair.turn().shard(), limitBytes, BLOCK_BYTES);
  }

  @Override
  public Limits limits() {
    int transfer = 64 << 10;
    return new Limits(4, 128, 16 << 10, transfer, transfer, transfer, POOL_BYTES, 0, 16);
  }

  @Override
  public void commandFailed(QueuePair queuePair, CommandSlot slot) {
    throw new IllegalStateException("a read that failed: " + slot);
  }

  @Override
  public void queueDrained(QueuePair queuePair) {}
}
