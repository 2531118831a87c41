package io.mora.target.controller.queue;

import io.mora.protocol.BufferCopy;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.FatalErrorStatus;
import io.mora.protocol.pdu.H2cDataPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.target.shard.Admission;
import io.mora.target.shard.BufferPool;
import io.mora.target.shard.HostBuffers;
import io.mora.target.shard.QueuedIo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Data on its way from the host: in the capsule, or asked for by R2T. */
final class HostData {
  /** Smallest buffer for in-capsule data; below this all sizes cost the same. */
  private static final int BUFFER_MIN = 4096;

  /** A queue pair may have one part in so many of the shard's window. */
  private static final int WINDOW_PART = 4;

  private final QueuePair queuePair;
  private final SlotTable slots;
  private final int r2tMaxBytes;

  /** The command whose data the connection delivers now; null while data is swallowed. */
  private @Nullable CommandSlot receiving;

  /** What the socket was last told to receive into. */
  private @Nullable ByteBuf placed;

  private boolean swallowing;

  /** R2Ts whose data is not complete. */
  private int unanswered;

  private long receivedBytes;

  /** Writes of this queue pair that have leave, or wait for it in the shard's line: their data. */
  private long leaveBytes;

  /** Most of it; what is over waits here, so that a slow host does not take the shard's window. */
  private final long leaveMaxBytes;

  private @Nullable CommandSlot waitingHead;
  private @Nullable CommandSlot waitingTail;

  /** What its host may have promised of its memory. */
  private final HostBuffers memory;

  private final MemoryWaiter waiter = new MemoryWaiter();

  HostData(QueuePair queuePair, SlotTable slots, HostBuffers memory) {
    this.memory = memory;
    this.queuePair = queuePair;
    this.slots = slots;
    this.r2tMaxBytes = queuePair.owner().limits().r2tMaxBytes();
    Admission line = queuePair.turn().admission();
    this.leaveMaxBytes = line == null ? Long.MAX_VALUE : line.windowBytes() / WINDOW_PART;
  }

  // --- leave to ask

  /**
   * Lets a write ask for its data, now or when its turn has come in the shard's line. Who waits in
   * that line, or has leave, keeps others from it: so the memory of a host with a bound is promised
   * first, and while it is not to be had the write waits here and holds nothing of others.
   */
  void askLeave(CommandSlot slot) {
    if (queuePair.turn().admission() == null || slot.ahead) {
      queuePair.leaveGiven(slot);
      return;
    }
    slot.moveTo(SlotState.NEED_LEAVE, queuePair.turn().nowNs());
    slot.nextWaiting = null;
    CommandSlot last = waitingTail;
    if (last == null) {
      waitingHead = slot;
    } else {
      last.nextWaiting = slot;
    }
    waitingTail = slot;
    joinLine();
  }

  private void joinLine() {
    Admission line = queuePair.turn().admission();
    CommandSlot slot = waitingHead;
    waiter.missing = false;
    while (line != null && slot != null && mayAsk(slot)) {
      waitingHead = slot.nextWaiting;
      if (waitingHead == null) {
        waitingTail = null;
      }
      slot.nextWaiting = null;
      leaveBytes += slot.dataLength;
      Leave leave = slot.leave;
      if (leave == null) {
        leave = new Leave(slot);
        slot.leave = leave;
      }
      leave.promisedBytes = memory.isBounded() ? slot.dataLength : 0;
      leave.ask(line, queuePair.turn().nowNs());
      slot = waitingHead;
    }
    if (waiter.missing) {
      waiter.waiting = true;
      memory.await(waiter);
    } else if (waiter.waiting) {
      stopWaiting();
    }
  }

  private void stopWaiting() {
    waiter.waiting = false;
    memory.cancel(waiter);
  }

  /** What is of this queue pair, and its host's memory, let it ask. */
  private boolean mayAsk(CommandSlot slot) {
    if (leaveBytes > 0 && leaveBytes + slot.dataLength > leaveMaxBytes) {
      return false;
    }
    if (BufferShare.isBeyond(slot, slot.dataLength)) {
      memory.promiseBeyond(slot.dataLength);
      return true;
    }
    waiter.missing = !memory.promise(waiter, slot.dataLength, leaveBytes > 0);
    return !waiter.missing;
  }

  /** Its buffer is one that its host was promised. */
  static boolean isPromised(CommandSlot slot) {
    Leave leave = slot.leave;
    return leave != null && leave.promisedBytes > 0;
  }

  /**
   * Takes a slot that waits for leave out of the line here; {@link #dataGone} does for the rest.
   */
  void withdraw(CommandSlot slot) {
    CommandSlot before = null;
    for (CommandSlot at = waitingHead; at != null; before = at, at = at.nextWaiting) {
      if (at != slot) {
        continue;
      }
      if (before == null) {
        waitingHead = at.nextWaiting;
      } else {
        before.nextWaiting = at.nextWaiting;
      }
      if (waitingTail == at) {
        waitingTail = before;
      }
      if (before == null && waiter.waiting) {
        joinLine(); // The next may fit where the one that is gone did not.
      }
      return;
    }
  }

  /** The slot's data is no longer held here. */
  void dataGone(CommandSlot slot) {
    Leave leave = slot.leave;
    Admission line = queuePair.turn().admission();
    if (line == null || leave == null || leave.state == Leave.NONE) {
      return;
    }
    if (leave.state == Leave.GIVEN) {
      line.done(leave, queuePair.turn().nowNs());
    } else {
      line.cancel(leave);
    }
    leave.state = Leave.NONE;
    leaveBytes -= slot.dataLength;
    if (leave.promisedBytes > 0) {
      memory.release(leave.promisedBytes);
      leave.promisedBytes = 0;
    }
    joinLine();
  }

  /** The connection is gone: nobody is asked any more. */
  void close() {
    waitingHead = null;
    waitingTail = null;
    stopWaiting();
  }

  /** Told when its host may have more promised. */
  private final class MemoryWaiter extends BufferPool.Waiter {
    private boolean waiting;

    /** What the first of the line wants is not to be had. */
    private boolean missing;

    @Override
    public void buffersAvailable() {
      waiting = false;
      joinLine();
      if (!waiting) {
        memory.served(this);
      }
    }
  }

  /** A slot's place in the shard's line. */
  static final class Leave extends QueuedIo {
    static final int NONE = 0;
    static final int ASKED = 1;
    static final int GIVEN = 2;

    private final CommandSlot slot;
    private int state;

    /** Of its host's memory, from before it asks until its data is gone. */
    private int promisedBytes;

    Leave(CommandSlot slot) {
      this.slot = slot;
    }

    private void ask(Admission line, long nowNs) {
      asksLike(slot);
      writes = true;
      costBytes = slot.dataLength;
      state = ASKED;
      line.submit(this, nowNs);
    }

    @Override
    protected void start(long nowNs) {
      state = GIVEN;
      slot.leaveNs = nowNs;
      slot.queuePair.leaveGiven(slot);
    }

    @Override
    protected void expire(long nowNs) {
      start(nowNs);
    }
  }

  // --- data

  boolean hasRoom() {
    CommandSlot slot = receiving;
    return slot == null || slot.buffer != null;
  }

  boolean isReceiving(CommandSlot slot) {
    return slot == receiving;
  }

  void expectInCapsule(CommandSlot slot, int length) {
    receiving = slot;
    queuePair.buffers().obtainForCapsule(slot, Math.max(length, BUFFER_MIN));
  }

  /** Lets the in-capsule data of a command nobody wants pass by. */
  void swallow(int length) {
    swallowing = length > 0;
  }

  /** Asks the host for the next part of the slot's data. */
  void request(CommandSlot slot) {
    int piece = slot.ahead ? r2tMaxBytes : Math.min(r2tMaxBytes, slot.profile.r2tPieceBytes());
    int length = Math.min(slot.dataLength - slot.received, piece);
    slot.r2tEnd = slot.received + length;
    unanswered++;
    queuePair.sink().requestData(slot, slot.received, length);
  }

  void onH2cData(ByteBuf pdu, int at, int dataLength) throws PduException {
    CommandSlot slot = slots.byTag(H2cDataPdu.ttag(pdu, at));
    if (slot == null || slot.state() != SlotState.WAIT_DATA) {
      throw PduException.sequence("H2CData with TTAG " + H2cDataPdu.ttag(pdu, at) + " unknown");
    }
    if (H2cDataPdu.cccid(pdu, at) != slot.cid) {
      throw PduException.sequence(
          "H2CData CCCID " + H2cDataPdu.cccid(pdu, at) + " not of its TTAG");
    }
    long offset = H2cDataPdu.dataOffset(pdu, at);
    if (offset + dataLength > slot.r2tEnd) {
      String text = "DATAO " + offset + " + " + dataLength + " beyond " + slot.r2tEnd;
      throw new PduException(FatalErrorStatus.DATA_OUT_OF_RANGE, 0, text);
    }
    if (offset != slot.received) {
      throw PduException.sequence("DATAO " + offset + ", expected " + slot.received);
    }
    boolean last = (CommonHeader.flags(pdu, at) & CommonHeader.LAST_PDU) != 0;
    if (last != (offset + dataLength == slot.r2tEnd)) {
      throw PduException.sequence("LAST_PDU " + last + " at " + (offset + dataLength));
    }
    receiving = slot;
    receivedBytes += dataLength;
  }

  void onData(ByteBuf buf, int at, int length) {
    if (swallowing) {
      return;
    }
    CommandSlot slot = receiving;
    if (slot == null || slot.buffer == null) {
      throw new IllegalStateException("data without a buffer");
    }
    if (buf != placed) {
      BufferCopy.copy(buf, at, slot.buffer.buf, slot.received, length);
    }
    placed = null;
    slot.received += length;
  }

  /** A view of where the next bytes belong, to receive into; null where they are swallowed. */
  @Nullable ByteBuf place(int lengthBytes) {
    CommandSlot slot = receiving;
    if (swallowing || slot == null || slot.buffer == null) {
      return null;
    }
    ByteBuf target = slot.buffer.buf;
    if (target.nioBufferCount() != 1) {
      return null;
    }
    ByteBuffer memory = target.internalNioBuffer(slot.received, lengthBytes).slice();
    ByteBuf view = Unpooled.wrappedBuffer(memory).clear();
    placed = view;
    return view;
  }

  void onDataEnd(boolean digestValid) {
    if (swallowing) {
      swallowing = false;
      return;
    }
    CommandSlot slot = receiving;
    if (slot == null) {
      throw new IllegalStateException("end of data nobody expected");
    }
    receiving = null;
    slot.transferError |= !digestValid;
    if (slot.state() != SlotState.WAIT_DATA) {
      queuePair.begin(slot);
    } else if (slot.received == slot.r2tEnd) {
      partComplete(slot);
    }
  }

  boolean isOwed() {
    return unanswered > 0;
  }

  /** Data received of what was asked for. */
  long receivedBytes() {
    return receivedBytes;
  }

  private void partComplete(CommandSlot slot) {
    unanswered--;
    if (slot.isSpoiled()) {
      queuePair.finish(slot);
    } else if (slot.received < slot.dataLength) {
      request(slot);
    } else {
      queuePair.commands().execute(slot);
    }
  }
}
