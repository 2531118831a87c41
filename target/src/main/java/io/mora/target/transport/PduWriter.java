package io.mora.target.transport;

import io.mora.protocol.command.Cqe;
import io.mora.protocol.net.HeaderSlab;
import io.mora.protocol.net.LoopMemory;
import io.mora.protocol.net.SendQueue;
import io.mora.protocol.net.tls.TlsStage;
import io.mora.protocol.pdu.C2hDataPdu;
import io.mora.protocol.pdu.CapsuleRespPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.Digest;
import io.mora.protocol.pdu.IcRespPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduType;
import io.mora.protocol.pdu.R2tPdu;
import io.mora.protocol.pdu.TermReqPdu;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.ResponseSink;
import io.mora.target.shard.Flushable;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.TurnBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Turns replies into PDUs on one connection: headers gathered in a slab, data from I/O buffers or
 * from where storage has it, one flush a turn. Replies of latency classes are written at once and
 * whole; data of the others waits, goes out in parts and never has more than so much in the
 * socket's queue, so that the former go between. The connection's loop only.
 */
final class PduWriter extends Flushable implements ResponseSink, SendQueue.Listener {
  /*
   * Neighbouring headers in a slab go out as one piece, so a turn of N small reads costs about 2 N
   * pieces. Flushes end in order, so the end of one frees the slots of its turn.
   */
  /** Longest piece ever put in the slab at once: ICResp or a TermReq. */
  private static final int PIECE_MAX = TermReqPdu.LENGTH_MAX + Digest.LENGTH;

  private final TcpConnection connection;
  private final ByteBufAllocator alloc;
  private final Digest digest = new Digest();
  private boolean headerDigest;
  private boolean dataDigest;

  /** Alignment the host asked for, in bytes. */
  private int alignmentBytes = 4;

  private final SendQueue out;

  /** Slabs of this turn, the one in use first. */
  private @Nullable HeaderSlab slab;

  private @Nullable CommandSlot sendingHead;
  private @Nullable CommandSlot sendingTail;

  /** Replies with data of which not all is written, in order. */
  private final DataReplies waiting = new DataReplies();

  private boolean dropping;
  private final TurnMarks marks = new TurnMarks();
  private int slotsThisTurn;
  private long bytesInSocketQueue;

  PduWriter(TcpConnection connection, Channel channel) {
    this.connection = connection;
    this.alloc = channel.alloc();
    this.out =
        TlsStage.isOn(channel) ? SendQueue.byChannel(channel, this) : new SendQueue(channel, this);
  }

  void negotiated(boolean header, boolean data, int hpda) {
    headerDigest = header;
    dataDigest = data;
    alignmentBytes = (hpda + 1) * 4;
  }

  /** Bytes written and not yet taken by the socket. */
  long bytesInSocketQueue() {
    return bytesInSocketQueue;
  }

  // --- PDUs

  void icResp(int dgst, int maxH2cData) {
    int at = room(IcRespPdu.LENGTH);
    IcRespPdu.write(slab().buf, at, 0, dgst, maxH2cData);
    advance(IcRespPdu.LENGTH);
  }

  void termReq(PduException cause) {
    int at = room(PIECE_MAX);
    advance(TermReqPdu.write(slab().buf, at, PduType.C2H_TERM_REQ, cause));
  }

  @Override
  public void respond(CommandSlot slot) {
    capsuleResp(slot.cid, slot.queuePair.sqhd(), slot.status, slot.result);
    sending(slot);
    if (slot.repliesAtOnce()) {
      connection.turn().flushFirst(this);
    }
  }

  @Override
  public void respondTo(int cid, int sqhd, int status, long result) {
    capsuleResp(cid, sqhd, status, result);
  }

  private void capsuleResp(int cid, int sqhd, int status, long result) {
    int at = room(CapsuleRespPdu.LENGTH + Digest.LENGTH);
    ByteBuf buf = slab().buf;
    CapsuleRespPdu.writeHeader(buf, at, headerDigest);
    Cqe.write(buf, at + CapsuleRespPdu.CQE, result, sqhd, cid, status);
    int length = CapsuleRespPdu.LENGTH;
    if (headerDigest) {
      digest.append(buf, at, length);
      length += Digest.LENGTH;
    }
    advance(length);
  }

  @Override
  public boolean sendsInPlace() {
    return !dataDigest && out.sendsNow(connection.memory());
  }

  @Override
  public void respondWithData(CommandSlot slot, IoBuffer data, int length) {
    if (dropping) {
      slot.queuePair.sent(slot);
    } else if (slot.repliesAhead()) {
      writeAhead(slot, data, length);
    } else {
      waiting.add(slot, data, length);
      connection.turn().flushLater(this);
    }
  }

  private void writeAhead(CommandSlot slot, IoBuffer data, int length) {
    slot.replyLength = length;
    if (!part(slot, data, 0, length)) {
      waiting.addFirst(slot, data, length);
      connection.turn().flushLater(this);
      return;
    }
    dataWritten(slot);
    if (slot.repliesAtOnce()) {
      connection.turn().flushFirst(this);
    }
  }

  /** Writes parts of the replies that wait, as far as turn and socket have room for them. */
  private void writeWaiting() {
    TurnBudget budget = connection.turn().budget();
    for (CommandSlot slot = waiting.first(); slot != null; slot = waiting.first()) {
      boolean ahead = slot.repliesAhead(); // Blocks were being written to when it came.
      if (!ahead && bytesInSocketQueue + out.bytes() >= slot.socketQueueBytes()) {
        return; // The socket tells when it has taken some.
      }
      int left = slot.replyLength - slot.replySent;
      int length = ahead ? left : Math.min(slot.c2hPduBytes(), left);
      if (!ahead && !budget.send(length)) {
        connection.turn().flushLater(this);
        return;
      }
      boolean last = slot.replySent + length == slot.replyLength;
      if (!part(slot, waiting.data(slot), slot.replySent, length)) {
        connection.turn().flushLater(this);
        return;
      }
      slot.replySent += length;
      if (last) {
        waiting.remove();
        dataWritten(slot);
      }
    }
  }

  /** All data of a reply is written: now what ends the command, if the data did not. */
  private void dataWritten(CommandSlot slot) {
    if (dataEnds(slot)) {
      sending(slot);
    } else {
      respond(slot);
    }
  }

  /** The last data PDU says that the command succeeded. */
  private static boolean dataEnds(CommandSlot slot) {
    return slot.queuePair.successFlagAllowed() && slot.result == 0;
  }

  /** Writes one data PDU; false if its blocks are being written to just now. */
  private boolean part(CommandSlot slot, IoBuffer data, int offset, int length) {
    int flags = 0;
    if (offset + length == slot.replyLength) {
      flags = CommonHeader.LAST_PDU | (dataEnds(slot) ? CommonHeader.SUCCESS : 0);
    }
    boolean lends = slot.isInPlace() && sendsInPlace();
    if (slot.isInPlace() && !lends && !slot.fetch(offset, length, data)) {
      return false;
    }
    out.mark();
    int pdo = CommonHeader.dataOffset(C2hDataPdu.LENGTH, headerDigest, alignmentBytes);
    int at = room(pdo);
    ByteBuf buf = slab().buf;
    int plen = pdo + length + (dataDigest ? Digest.LENGTH : 0);
    int typeAndFlags = PduType.C2H_DATA | (flags | digestFlags()) << 8;
    CommonHeader.write(buf, at, typeAndFlags, C2hDataPdu.LENGTH, pdo, plen);
    C2hDataPdu.writeFields(buf, at, slot.cid, 0, offset, length);
    buf.setZero(at + C2hDataPdu.LENGTH, pdo - C2hDataPdu.LENGTH);
    if (headerDigest) {
      digest.append(buf, at, C2hDataPdu.LENGTH);
    }
    advance(pdo);
    if (!lends) {
      out.add(data.buf, data.address, offset, length);
    } else if (!slot.lend(offset, length, out, data)) {
      out.rollBack();
      slab().used = at;
      return false;
    }
    if (dataDigest) {
      int tail = room(Digest.LENGTH);
      slab().buf.setIntLE(tail, digest.of(data.buf, offset, length));
      advance(Digest.LENGTH);
    }
    return true;
  }

  private int digestFlags() {
    return (headerDigest ? CommonHeader.HDGSTF : 0) | (dataDigest ? CommonHeader.DDGSTF : 0);
  }

  @Override
  public void requestData(CommandSlot slot, int offset, int length) {
    int at = room(R2tPdu.LENGTH + Digest.LENGTH);
    ByteBuf buf = slab().buf;
    int plen = R2tPdu.LENGTH + (headerDigest ? Digest.LENGTH : 0);
    int typeAndFlags = PduType.R2T | (headerDigest ? CommonHeader.HDGSTF << 8 : 0);
    CommonHeader.write(buf, at, typeAndFlags, R2tPdu.LENGTH, 0, plen);
    R2tPdu.writeFields(buf, at, slot.cid, slot.index, offset, length);
    if (headerDigest) {
      digest.append(buf, at, R2tPdu.LENGTH);
    }
    advance(plen);
  }

  @Override
  public void close(String reason) {
    connection.close(reason);
  }

  @Override
  public void resumeReading() {
    connection.resumeReading();
  }

  // --- slab and socket

  private HeaderSlab slab() {
    HeaderSlab current = slab;
    if (current == null) {
      throw new IllegalStateException("no slab");
    }
    return current;
  }

  /** Makes room for a piece in the slab and returns where it goes. */
  private int room(int bytes) {
    HeaderSlab current = slab;
    if (current == null || current.used + bytes > HeaderSlab.BYTES) {
      HeaderSlab before = current;
      current = connection.memory().slab(alloc);
      current.next = before;
      slab = current;
    }
    connection.turn().flushLater(this);
    return current.used;
  }

  private void advance(int bytes) {
    HeaderSlab current = slab();
    out.add(current.buf, current.address, current.used, bytes);
    current.used += bytes;
  }

  private void sending(CommandSlot slot) {
    slot.nextSending = null;
    CommandSlot last = sendingTail;
    if (last == null) {
      sendingHead = slot;
    } else {
      last.nextSending = slot;
    }
    sendingTail = slot;
    slotsThisTurn++;
  }

  @Override
  protected void flushNow() {
    if (!dropping) {
      writeWaiting();
    }
    flushUrgent();
  }

  @Override
  protected void turnOver() {
    connection.turnOver();
  }

  @Override
  protected void flushUrgent() {
    if (out.isEmpty()) {
      giveSlabs();
      return;
    }
    marks.add(slotsThisTurn, out.bytes());
    bytesInSocketQueue += out.bytes();
    slotsThisTurn = 0;
    HeaderSlab used = slab;
    slab = null;
    out.flush(connection.memory());
    give(used);
  }

  /** Nothing was written after all. */
  private void giveSlabs() {
    HeaderSlab unused = slab;
    slab = null;
    give(unused);
  }

  private void give(@Nullable HeaderSlab first) {
    LoopMemory memory = connection.memory();
    HeaderSlab next = first;
    while (next != null) {
      HeaderSlab slabToGive = next;
      next = slabToGive.next;
      memory.give(slabToGive);
    }
  }

  @Override
  protected void failed() {
    connection.abort();
  }

  /** The oldest unfinished turn has been taken by the socket, or will never be. */
  @Override
  public void sent() {
    bytesInSocketQueue -= marks.bytes();
    for (int n = marks.remove(); n > 0; n--) {
      CommandSlot slot = sendingHead;
      if (slot == null) {
        throw new IllegalStateException("more slots sent than written");
      }
      sendingHead = slot.nextSending;
      if (sendingHead == null) {
        sendingTail = null;
      }
      slot.nextSending = null;
      slot.queuePair.sent(slot);
    }
    if (dropping) {
      drop();
    } else if (waiting.first() != null) {
      connection.turn().flushLater(this);
    }
    connection.socketQueueShrank();
  }

  /** No more data replies: those that wait end unsent, once nothing of them is with the socket. */
  void dropWaiting() {
    dropping = true;
    drop();
  }

  private void drop() {
    if (!marks.isEmpty()) {
      return;
    }
    for (CommandSlot slot = waiting.first(); slot != null; slot = waiting.first()) {
      waiting.remove();
      slot.queuePair.sent(slot);
    }
  }

  /** The connection is gone: nothing more is written. Replies of this turn are let go. */
  void closed() {
    dropping = true;
    flushNow();
    drop();
  }
}
