package io.mora.target.controller.queue;

import io.mora.protocol.BufferCopy;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.status.Status;
import io.mora.qos.mode.LatencyMode;
import io.mora.target.metrics.IoTotals;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostMemory;
import io.mora.target.subsystem.Namespace;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A submission and a completion queue over one connection: it lives and dies on one shard, and its
 * commands run to completion there.
 */
public final class QueuePair implements CommandSink {
  private final QueueOwner owner;
  private final int qid;
  private final int depth;
  private final boolean flowDisabled;
  private final ShardTurn turn;
  private final ResponseSink sink;
  private final CommandSet commands;
  private final SlotTable slots;
  private final HostData hostData;
  private final BufferShare buffers;
  private final DeviceSteps device;
  private final Aborts aborts;
  private final IoTotals totals = new IoTotals();

  /** Submission queue head; Connect was entry 0. */
  private int sqhd;

  private int inFlight;
  private boolean closed;
  private boolean drained;

  /** The target stops: new commands are swallowed, those begun are finished. */
  private boolean quiescing;

  /** Nanoseconds of the last command: any traffic counts as a sign of life. */
  private final AtomicLong lastCommandNs;

  /**
   * @param shape what the host asked for
   * @param commands what its commands mean
   */
  public QueuePair(
      QueueOwner owner, Shape shape, ShardTurn turn, ResponseSink sink, CommandSet commands) {
    this.owner = owner;
    this.qid = shape.qid();
    this.depth = shape.depth();
    this.flowDisabled = shape.flowDisabled();
    this.turn = turn;
    this.sink = sink;
    this.commands = commands;
    this.slots = new SlotTable(this, depth);
    HostMemory memory = owner.memory(this);
    this.hostData = new HostData(this, slots, memory.writes());
    this.buffers = new BufferShare(this, turn.shard(), memory, owner.limits());
    this.device = new DeviceSteps(this);
    this.aborts = new Aborts(this, slots, hostData, device);
    this.sqhd = 1 % depth;
    this.lastCommandNs = new AtomicLong(turn.nowNs());
  }

  QueueOwner owner() {
    return owner;
  }

  DeviceSteps device() {
    return device;
  }

  public int qid() {
    return qid;
  }

  public int depth() {
    return depth;
  }

  public ShardTurn turn() {
    return turn;
  }

  public ResponseSink sink() {
    return sink;
  }

  /** The SQHD a reply carries now: reserved (0) without flow control. */
  public int sqhd() {
    return flowDisabled ? 0 : sqhd;
  }

  /** SUCCESS may replace a CapsuleResp only without SQ flow control. */
  public boolean successFlagAllowed() {
    return flowDisabled;
  }

  /** What this queue has moved; any thread. */
  public IoTotals totals() {
    return totals;
  }

  /** The host has not sent all it was asked for. */
  public boolean isOwedData() {
    return hostData.isOwed();
  }

  public long dataBytes() {
    return hostData.receivedBytes();
  }

  /** Commands without an answer; others than its shard see a number of a moment ago. */
  public int inFlight() {
    return inFlight;
  }

  /** May be called by any thread; the answer may be a turn old. */
  public long lastCommandNs() {
    return lastCommandNs.getOpaque();
  }

  CommandSet commands() {
    return commands;
  }

  // --- from the connection

  @Override
  public boolean wantsMore() {
    return slots.available();
  }

  @Override
  public boolean wantsData() {
    return hostData.hasRoom();
  }

  @Override
  public void onCapsuleCmd(ByteBuf buf, int sqeAt, int dataLength) throws PduException {
    if (inFlight >= depth) {
      throw PduException.sequence("more than " + depth + " commands outstanding");
    }
    if (quiescing) {
      hostData.swallow(dataLength);
      return;
    }
    int cid = Sqe.cid(buf, sqeAt);
    CommandSlot slot = slots.take();
    BufferCopy.copy(buf, sqeAt, slot.sqe, 0, Sqe.LENGTH);
    slot.reset(cid);
    slot.moveTo(SlotState.RECEIVED, turn.nowNs());
    sqhd = sqhd + 1 == depth ? 0 : sqhd + 1;
    inFlight++;
    slot.duplicateCid = slots.find(cid) != null;
    if (!slot.duplicateCid) {
      slots.add(slot);
    }
    if (dataLength == 0) {
      begin(slot);
    } else {
      slot.inCapsuleLength = dataLength;
      hostData.expectInCapsule(slot, dataLength);
    }
  }

  @Override
  public void onH2cData(ByteBuf pdu, int at, int dataLength) throws PduException {
    hostData.onH2cData(pdu, at, dataLength);
  }

  @Override
  public @Nullable ByteBuf place(int lengthBytes) {
    return hostData.place(lengthBytes);
  }

  @Override
  public void onData(ByteBuf buf, int at, int length) {
    hostData.onData(buf, at, length);
  }

  @Override
  public void onDataEnd(boolean digestValid) throws PduException {
    hostData.onDataEnd(digestValid);
  }

  @Override
  public void onClosed() {
    if (closed) {
      return;
    }
    closed = true;
    hostData.close();
    buffers.close();
    device.close();
    slots.forEachLive(aborts::abandon);
    checkDrained();
  }

  /** Takes no new commands: they stay unanswered, which a host repeats elsewhere or later. */
  public void quiesce() {
    quiescing = true;
  }

  /** True when every command that was begun has been answered; event requests wait for ever. */
  public boolean isIdle() {
    return slots.live() == 0 || qid == 0;
  }

  // --- init

  /** The capsule is complete: first beat. */
  void begin(CommandSlot slot) {
    lastCommandNs.setOpaque(slot.receivedNs);
    commands.arrived(slot);
    if (slot.isSpoiled()) {
      finish(slot);
      return;
    }
    int needs = commands.init(slot);
    classify(slot);
    switch (needs) {
      case CommandSet.REFUSED -> finish(slot);
      case CommandSet.READY -> {
        // Data it has no use for: an event request would keep the buffer for ever.
        buffers.giveBack(slot);
        commands.execute(slot);
      }
      case CommandSet.DATA_FROM_HOST -> {
        slot.fromHost = true;
        if (slot.inCapsuleLength > 0) {
          commands.execute(slot);
        } else {
          hostData.askLeave(slot);
        }
      }
      default -> buffers.obtain(slot, slot.dataLength);
    }
  }

  /** Its class is known now; it and its namespace's mode decide how it is treated from here on. */
  private void classify(CommandSlot slot) {
    Namespace namespace = slot.namespace;
    LatencyMode mode = namespace == null ? LatencyMode.AUTO : namespace.mode();
    if (qid != 0) {
      turn.budget().touch(mode, slot.ioClass, slot.receivedNs);
    }
    slot.profile = turn.budget().profile(mode);
    slot.ahead = turn.byClass() && (qid == 0 || slot.isLatency());
  }

  /** The slot may ask for its data, which it needs a buffer for. */
  void leaveGiven(CommandSlot slot) {
    buffers.obtain(slot, slot.dataLength);
  }

  /** The slot has the buffer it waited for. */
  void bufferReady(CommandSlot slot) {
    if (hostData.isReceiving(slot)) {
      sink.resumeReading();
    } else if (slot.fromHost) {
      slot.moveTo(SlotState.WAIT_DATA, turn.nowNs());
      hostData.request(slot);
    } else {
      commands.execute(slot);
    }
  }

  BufferShare buffers() {
    return buffers;
  }

  /** Ends commands before their time; this shard's thread only. */
  public Aborts aborts() {
    return aborts;
  }

  public boolean isClosed() {
    return closed;
  }

  // --- execute

  /** The device is done with the slot's request, all of it. */
  void deviceDone(CommandSlot slot, int status) {
    slot.moveTo(SlotState.READY, turn.nowNs());
    if (closed) {
      release(slot);
      checkDrained();
    } else {
      commands.stepDone(slot, status);
    }
  }

  // --- complete

  /** Last beat: replies without data. */
  public void finish(CommandSlot slot) {
    finish(slot, null, 0);
  }

  /** Last beat: replies with {@code length} bytes from the start of {@code data} on success. */
  public void finish(CommandSlot slot, @Nullable IoBuffer data, int length) {
    if (closed) {
      return; // Its slot was released with the connection.
    }
    long now = turn.nowNs();
    slot.moveTo(SlotState.READY, now);
    if (!slot.duplicateCid) {
      slots.remove(slot);
    }
    inFlight--;
    if (qid != 0) {
      totals.count(slot.opcode(), slot.status, slot.dataLength, slot.progress);
    }
    if (!Status.isSuccess(slot.status)) {
      owner.commandFailed(this, slot);
    }
    slot.moveTo(SlotState.SENDING, now);
    if (data != null && Status.isSuccess(slot.status)) {
      sink.respondWithData(slot, data, length);
    } else {
      sink.respond(slot);
      // Only data to the host is still needed until the socket has taken it.
      letGo(slot);
    }
  }

  /** Drops a command without a reply: its controller was reset. */
  public void discard(CommandSlot slot) {
    if (closed) {
      return;
    }
    slots.remove(slot);
    inFlight--;
    release(slot);
    checkDrained();
  }

  /** The reply has left, or never will: the slot is free again. */
  public void sent(CommandSlot slot) {
    if (qid != 0) {
      slot.recordStages(turn, turn.nowNs());
    }
    boolean starved = !slots.available();
    release(slot);
    if (closed) {
      checkDrained();
    } else if (starved) {
      sink.resumeReading();
    }
  }

  private void letGo(CommandSlot slot) {
    buffers.giveBack(slot);
    hostData.dataGone(slot);
    if (slot.fuse != 0) {
      commands.halfEnded(slot);
    }
  }

  void release(CommandSlot slot) {
    letGo(slot);
    slot.moveTo(SlotState.FREE, 0);
    slots.give(slot);
  }

  private void checkDrained() {
    if (closed && !drained && slots.live() == 0) {
      drained = true;
      owner.queueDrained(this);
    }
  }

  /** Gets a command a second buffer; false when the pool has none. */
  public boolean takeSecond(CommandSlot slot, int lengthBytes) {
    IoBuffer second = buffers.takeSecond(slot, lengthBytes);
    slot.second = second;
    return second != null;
  }

  /** Fills and queues a request of the given kind for the slot's namespace. */
  public void submit(CommandSlot slot, int op, long offsetBytes, long lengthBytes) {
    slot.request.op = op;
    slot.request.offsetBytes = offsetBytes;
    slot.request.lengthBytes = lengthBytes;
    device.submit(slot);
  }

  /** As Connect asked for it: QID, entries (SQSIZE + 1), no SQ flow control. */
  public record Shape(int qid, int depth, boolean flowDisabled) {}
}
