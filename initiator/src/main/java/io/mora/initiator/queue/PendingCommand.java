package io.mora.initiator.queue;

import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.CommandException;
import io.mora.protocol.NvmeException;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One command, from claim to completion; used again and again.
 *
 * <p>Whoever claimed it fills it in (start, data, callback) and publishes it; from then on it is
 * the queue's loop's alone. To the callback it is the {@link IoResult}.
 */
public final class PendingCommand implements IoResult {
  /** Not in use, or being filled in, or waiting in the submission queue. */
  static final int IDLE = 0;

  /** Sent; only an answer or the end of the connection moves it on. */
  static final int SENT = 1;

  /** Waits for the next connection, to be sent again. */
  static final int HELD = 2;

  /** Answered with an error while its data is still in the socket's buffer: waits for that. */
  static final int DRAINING = 3;

  private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);
  private static final IoCallback NOBODY = (context, status, result) -> {};

  private final ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH, Sqe.LENGTH).writerIndex(Sqe.LENGTH);

  // Filled in by the submitter.
  private ByteBuffer data = NO_DATA;
  private int dataAt;
  private int length;
  private boolean toHost;
  private boolean resend;
  private IoCallback callback = NOBODY;
  private long context;
  private long intendedStartNs;
  private long submittedNs;
  private long timeoutNs;

  /** Where in the submission queue it lies. */
  long ringPosition;

  /** Claimed with an identifier, past the submission queue. */
  boolean direct;

  // The loop's.
  int state = IDLE;
  int cid;
  int retries;
  long order;
  long sentNs;
  long deadlineNs;
  boolean timedOut;

  /** Bytes of a read that arrived; they come in order. */
  int received;

  /** A data digest did not match: what arrived is not to be trusted. */
  boolean damaged;

  /** The data goes inside the capsule. */
  boolean inCapsule;

  /** Bytes of a write the controller asked for, bytes handed to the socket, and those between. */
  int granted;

  int sent;
  int r2tLeft;
  int ttag;

  private int status;
  private long result;
  private int sqhd;
  private long completedNs;
  private @Nullable NvmeException failure;

  PendingCommand() {}

  /** Begins anew: zeroes the entry; no data, no callback, the queue's timeout. */
  public PendingCommand start(int opcode, int nsid) {
    Sqe.start(sqe, 0, opcode, 0, nsid);
    data = NO_DATA;
    length = 0;
    toHost = false;
    resend = false;
    callback = NOBODY;
    intendedStartNs = 0;
    timeoutNs = 0;
    return this;
  }

  /** The entry at index 0; CID and SGL are filled in when it is sent. */
  public ByteBuf sqe() {
    return sqe;
  }

  /** Data to the controller, by absolute index; the buffer is only read, its indices unused. */
  public PendingCommand send(ByteBuffer newData, int at, int lengthBytes) {
    return data(newData, at, lengthBytes, false);
  }

  /** Data to this host, by absolute index; the buffer's indices are not used. */
  public PendingCommand receive(ByteBuffer newData, int at, int lengthBytes) {
    return data(newData, at, lengthBytes, true);
  }

  private PendingCommand data(ByteBuffer newData, int at, int lengthBytes, boolean in) {
    data = newData;
    dataAt = at;
    length = lengthBytes;
    toHost = in;
    return this;
  }

  public PendingCommand callback(IoCallback newCallback, long newContext) {
    callback = newCallback;
    context = newContext;
    return this;
  }

  /** 0 for when it is published. */
  public PendingCommand intendedStartNs(long newIntendedStartNs) {
    intendedStartNs = newIntendedStartNs;
    return this;
  }

  /** From publish; 0 for the queue's. */
  public PendingCommand timeoutNs(long newTimeoutNs) {
    timeoutNs = newTimeoutNs;
    return this;
  }

  /** Doing it twice is as good as once: it may be sent again after a lost connection. */
  public PendingCommand resend(boolean newResend) {
    resend = newResend;
    return this;
  }

  void submitted(long nowNs, long queueTimeoutNs) {
    submittedNs = nowNs;
    if (intendedStartNs == 0) {
      intendedStartNs = nowNs;
    }
    if (timeoutNs == 0) {
      timeoutNs = queueTimeoutNs;
    }
    deadlineNs = nowNs + timeoutNs;
    retries = 0;
    sentNs = 0;
    timedOut = false;
    failure = null;
    result = 0;
    sqhd = 0;
  }

  /** About to be sent, for the first time or again. */
  void sending(long nowNs, long newOrder) {
    state = SENT;
    sentNs = nowNs;
    order = newOrder;
    received = 0;
    damaged = false;
    granted = 0;
    sent = 0;
    r2tLeft = 0;
  }

  /** About to be sent again: its time starts anew. */
  void again(long nowNs) {
    retries++;
    deadlineNs = nowNs + timeoutNs;
  }

  void receive(ByteBuf buf, int at, int lengthBytes) {
    if (buf.nioBufferCount() == 1) {
      ByteBuffer bytes = buf.internalNioBuffer(at, lengthBytes);
      data.put(dataAt + received, bytes, bytes.position(), lengthBytes);
    } else {
      buf.getBytes(at, data.duplicate().clear().slice(dataAt + received, lengthBytes));
    }
    received += lengthBytes;
  }

  /** The next bytes to send, as a buffer that borrows the caller's memory. */
  ByteBuf slice(int offset, int lengthBytes) {
    return Unpooled.wrappedBuffer(data.duplicate().clear().slice(dataAt + offset, lengthBytes));
  }

  /** Copies all data to an index of another buffer. */
  void copyTo(ByteBuf out, int at) {
    ByteBuffer bytes = out.internalNioBuffer(at, length);
    bytes.put(bytes.position(), data, dataAt, length);
  }

  void answer(int newStatus, long newResult, int newSqhd) {
    status = newStatus;
    result = newResult;
    sqhd = newSqhd;
  }

  /**
   * Weighs the answer: a success whose data is damaged or incomplete is none.
   *
   * @return true if the cause passes and doing it again may help
   */
  boolean weigh() {
    if (!Status.isSuccess(status)) {
      return Status.code(status) == Status.TRANSIENT_TRANSPORT_ERROR && !Status.doNotRetry(status);
    }
    if (damaged || length != (toHost ? received : inCapsule ? length : sent)) {
      status = Status.DATA_TRANSFER_ERROR;
    }
    return damaged;
  }

  /** An error came before the controller took all data: some may be in the socket's queue. */
  boolean dataUnderWay() {
    return toController() && !inCapsule && sent > 0 && !Status.isSuccess(status);
  }

  /** Tells the callback; forgets the caller's objects first, so that it can be used again. */
  void end(int newStatus, @Nullable NvmeException newFailure, long nowNs) {
    status = newStatus;
    failure = newFailure;
    completedNs = nowNs;
    IoCallback told = callback;
    callback = NOBODY;
    data = NO_DATA;
    told.completed(context, newStatus, this);
  }

  int length() {
    return length;
  }

  boolean toHost() {
    return toHost && length > 0;
  }

  boolean toController() {
    return !toHost && length > 0;
  }

  boolean mayResend() {
    return resend;
  }

  int sqhd() {
    return sqhd;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public long result() {
    return result;
  }

  @Override
  public int opcode() {
    return Sqe.opcode(sqe, 0);
  }

  @Override
  public int cid() {
    return cid;
  }

  @Override
  public int retries() {
    return retries;
  }

  @Override
  public long intendedStartNs() {
    return intendedStartNs;
  }

  @Override
  public long submittedNs() {
    return submittedNs;
  }

  @Override
  public long sentNs() {
    return sentNs;
  }

  @Override
  public long completedNs() {
    return completedNs;
  }

  @Override
  public @Nullable NvmeException failure() {
    return failure;
  }

  @Override
  public NvmeException exception() {
    NvmeException known = failure;
    return known != null ? known : new CommandException(status, opcode(), cid);
  }

  @Override
  public String toString() {
    String opcode = Integer.toHexString(opcode());
    String nsid = Integer.toHexString(Sqe.nsid(sqe, 0));
    return "opcode " + opcode + "h CID " + cid + " NSID " + nsid + "h, " + length + " bytes";
  }
}
