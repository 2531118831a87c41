package io.mora.target.transport;

import io.mora.protocol.command.Cqe;
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
import io.mora.target.shard.TurnBudget;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Turns replies into PDUs on one connection: headers gathered in a slab, data as slices of I/O
 * buffers, one flush a turn. Replies of latency classes are written at once and whole; data of the
 * others waits, goes out in parts and never has more than so much in the socket's queue, so that
 * the former go between. The connection's loop only.
 */
final class PduWriter extends Flushable implements ResponseSink, ChannelFutureListener {
  /*
   * Neighbouring headers in the slab go out as one slice, so a turn of N small reads costs about 2 N
   * gathered pieces. A turn ends with the one promise of its last piece; pieces complete in order,
   * so that promise frees the slots of the whole turn.
   */
  private static final int SLAB_BYTES = 8192;

  /** Longest piece ever put in the slab at once: ICResp or a TermReq. */
  private static final int PIECE_MAX = TermReqPdu.LENGTH_MAX + Digest.LENGTH;

  private final TcpConnection connection;
  private final Digest digest = new Digest();
  private boolean headerDigest;
  private boolean dataDigest;

  /** Alignment the host asked for, in bytes. */
  private int alignmentBytes = 4;

  private @Nullable ByteBuf slab;
  private int slabWritten;
  private int slabEnd;

  /** A piece handed to the channel but without the promise of the turn. */
  private @Nullable ByteBuf lastPiece;

  private @Nullable CommandSlot sendingHead;
  private @Nullable CommandSlot sendingTail;

  /** Replies with data of which not all is written, in order. */
  private final DataReplies waiting = new DataReplies();

  private boolean dropping;
  private final TurnMarks marks = new TurnMarks();
  private int slotsThisTurn;
  private long bytesInSocketQueue;
  private long bytesThisTurn;

  PduWriter(TcpConnection connection) {
    this.connection = connection;
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
    IcRespPdu.write(slab(), at, 0, dgst, maxH2cData);
    advance(IcRespPdu.LENGTH);
  }

  void termReq(PduException cause) {
    int at = room(PIECE_MAX);
    advance(TermReqPdu.write(slab(), at, PduType.C2H_TERM_REQ, cause));
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
    ByteBuf buf = slab();
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
  public void respondWithData(CommandSlot slot, ByteBuf data, int length) {
    if (dropping) {
      slot.queuePair.sent(slot);
    } else if (slot.repliesAhead()) {
      part(slot, data, 0, length, true);
      if (slot.repliesAtOnce()) {
        connection.turn().flushFirst(this);
      }
    } else {
      waiting.add(slot, data, length);
      connection.turn().flushLater(this);
    }
  }

  /** Writes parts of the replies that wait, as far as turn and socket have room for them. */
  private void writeWaiting() {
    TurnBudget budget = connection.turn().budget();
    for (CommandSlot slot = waiting.first(); slot != null; slot = waiting.first()) {
      if (bytesInSocketQueue + bytesThisTurn >= slot.socketQueueBytes()) {
        return; // The socket tells when it has taken some.
      }
      int length = Math.min(slot.c2hPduBytes(), slot.replyLength - slot.replySent);
      if (!budget.send(length)) {
        connection.turn().flushLater(this);
        return;
      }
      boolean last = slot.replySent + length == slot.replyLength;
      ByteBuf data = waiting.data(slot);
      int offset = slot.replySent;
      slot.replySent += length;
      if (last) {
        waiting.remove();
      }
      part(slot, data, offset, length, last);
    }
  }

  /** Writes one data PDU, and after the last what ends the command. */
  private void part(CommandSlot slot, ByteBuf data, int offset, int length, boolean last) {
    boolean success = last && slot.queuePair.successFlagAllowed() && slot.result == 0;
    int flags = (last ? CommonHeader.LAST_PDU : 0) | (success ? CommonHeader.SUCCESS : 0);
    c2hData(slot.cid, data, offset, length, flags);
    if (success) {
      sending(slot);
    } else if (last) {
      respond(slot);
    }
  }

  private void c2hData(int cid, ByteBuf data, int offset, int length, int flags) {
    int pdo = CommonHeader.dataOffset(C2hDataPdu.LENGTH, headerDigest, alignmentBytes);
    int at = room(pdo);
    ByteBuf buf = slab();
    int plen = pdo + length + (dataDigest ? Digest.LENGTH : 0);
    int typeAndFlags = PduType.C2H_DATA | (flags | digestFlags()) << 8;
    CommonHeader.write(buf, at, typeAndFlags, C2hDataPdu.LENGTH, pdo, plen);
    C2hDataPdu.writeFields(buf, at, cid, 0, offset, length);
    buf.setZero(at + C2hDataPdu.LENGTH, pdo - C2hDataPdu.LENGTH);
    if (headerDigest) {
      digest.append(buf, at, C2hDataPdu.LENGTH);
    }
    advance(pdo);
    writeSlab();
    write(data.retainedSlice(offset, length));
    if (dataDigest) {
      int tail = room(Digest.LENGTH);
      slab().setIntLE(tail, digest.of(data, offset, length));
      advance(Digest.LENGTH);
    }
  }

  private int digestFlags() {
    return (headerDigest ? CommonHeader.HDGSTF : 0) | (dataDigest ? CommonHeader.DDGSTF : 0);
  }

  @Override
  public void requestData(CommandSlot slot, int offset, int length) {
    int at = room(R2tPdu.LENGTH + Digest.LENGTH);
    ByteBuf buf = slab();
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

  private ByteBuf slab() {
    ByteBuf current = slab;
    if (current == null) {
      throw new IllegalStateException("no slab");
    }
    return current;
  }

  /** Makes room for a piece in the slab and returns where it goes. */
  private int room(int bytes) {
    if (slab == null || slabEnd + bytes > SLAB_BYTES) {
      writeSlab();
      releaseSlab();
      slab = connection.allocate(SLAB_BYTES);
    }
    connection.turn().flushLater(this);
    return slabEnd;
  }

  private void advance(int bytes) {
    slabEnd += bytes;
  }

  /** Hands what the slab has gathered to the channel. */
  private void writeSlab() {
    if (slabEnd > slabWritten) {
      ByteBuf piece = slab().retainedSlice(slabWritten, slabEnd - slabWritten);
      slabWritten = slabEnd;
      write(piece);
    }
  }

  private void write(ByteBuf piece) {
    ByteBuf before = lastPiece;
    if (before != null) {
      connection.write(before);
    }
    bytesThisTurn += piece.readableBytes();
    lastPiece = piece;
  }

  private void releaseSlab() {
    if (slab != null) {
      slab.release();
      slab = null;
    }
    slabWritten = 0;
    slabEnd = 0;
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
    writeSlab();
    ByteBuf piece = lastPiece;
    if (piece == null) {
      return;
    }
    lastPiece = null;
    marks.add(slotsThisTurn, bytesThisTurn);
    bytesInSocketQueue += bytesThisTurn;
    slotsThisTurn = 0;
    bytesThisTurn = 0;
    ChannelPromise promise = connection.newPromise();
    promise.addListener(this);
    connection.writeAndFlush(piece, promise);
  }

  @Override
  protected void failed() {
    connection.abort();
  }

  /** The oldest unfinished turn has been taken by the socket, or will never be. */
  @Override
  public void operationComplete(ChannelFuture future) {
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
    releaseSlab();
    drop();
  }
}
