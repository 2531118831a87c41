package io.mora.initiator.queue;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.intent.IntentDwords;
import io.mora.initiator.io.ConsumptionListener;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoResult;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.initiator.signals.Handoff;
import io.mora.initiator.signals.QueueSignals;
import io.mora.protocol.NvmeException;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
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

  /** Told to its caller while an Abort of it is under way: keeps its identifier. */
  static final int ENDED = 4;

  private static final IoCallback NOBODY = (context, status, result) -> {};

  private final ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH, Sqe.LENGTH).writerIndex(Sqe.LENGTH);

  final CommandData data = new CommandData();

  // Filled in by the submitter.
  private boolean resend;
  boolean ownDwords;
  private int intentDw2;
  int intentDw3;
  private @Nullable RegisteredRegion region;
  private @Nullable IoConsumer consumer;
  private @Nullable IoHandle handle;
  private IoCallback callback = NOBODY;
  private long context;
  private long intendedStartNs;
  private long submittedNs;
  private long timeoutNs;

  long ringPosition; // in the submission queue
  boolean direct; // claimed with an identifier, past the submission queue

  // The loop's.
  int state = IDLE;
  int cid;
  int retries;
  long order;
  long sentNs;
  long deadlineNs;
  boolean timedOut;

  /** An Abort of it is under way: its identifier must not be used until that is answered. */
  boolean aborting;

  /** To be ended, not sent, when its turn comes. */
  boolean cancelled;

  /** Its caller was told; it lives on until it is answered. */
  boolean abandoned;

  private int status;
  private long result;
  private int sqhd;
  private long completedNs;
  private long readyNs;
  private int completionCpu;
  private int consumerCpu;
  private @Nullable NvmeException failure;
  private @Nullable ConsumptionListener consumption;

  PendingCommand() {}

  /** Begins anew: zeroes the entry; no data, no callback, the queue's timeout. */
  public PendingCommand start(int opcode, int nsid) {
    Sqe.start(sqe, 0, opcode, 0, nsid);
    data.none();
    resend = false;
    ownDwords = false;
    intentDw2 = 0;
    intentDw3 = 0;
    region = null;
    consumer = null;
    handle = null;
    cancelled = false;
    abandoned = false;
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
  public PendingCommand send(ByteBuffer bytes, int at, int lengthBytes) {
    data.set(bytes, at, lengthBytes, false);
    return this;
  }

  /** Data to this host, by absolute index; the buffer's indices are not used. */
  public PendingCommand receive(ByteBuffer bytes, int at, int lengthBytes) {
    data.set(bytes, at, lengthBytes, true);
    return this;
  }

  /** What it is for, as CDW2 and CDW3; 0 and 0 for the queue's default. */
  public PendingCommand intent(int cdw2, int cdw3) {
    intentDw2 = cdw2;
    intentDw3 = cdw3;
    return this;
  }

  /** CDW2 and CDW3 are the caller's and stay as they are. */
  public PendingCommand ownDwords() {
    ownDwords = true;
    return this;
  }

  /** The registered region its blocks are in, or null. */
  public PendingCommand region(@Nullable RegisteredRegion newRegion) {
    region = newRegion;
    return this;
  }

  /** Who goes on when it ends, or null for the queue's loop. */
  public PendingCommand consumer(@Nullable IoConsumer newConsumer) {
    consumer = newConsumer;
    return this;
  }

  /** Lets the caller cancel it, if not null. */
  public PendingCommand handle(@Nullable IoHandle newHandle) {
    handle = newHandle;
    return this;
  }

  public PendingCommand callback(IoCallback newCallback, long newContext) {
    callback = newCallback;
    context = newContext;
    return this;
  }

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
    data.restart();
  }

  /**
   * Writes what it is for into its entry.
   *
   * @param granted the controller agreed to be told; otherwise nothing is
   * @param timing it asks for a timing reply in any case
   * @param usual its intent if it has none of its own
   */
  void carry(boolean granted, boolean timing, @Nullable Intent usual) {
    if (ownDwords) {
      return;
    }
    int cdw2 = intentDw3 != 0 || usual == null ? intentDw2 : usual.cdw2();
    int cdw3 = intentDw3 != 0 || usual == null ? intentDw3 : usual.cdw3();
    cdw3 = IntentDwords.complete(cdw3, timing, opcode(), consumer, region);
    IntentCodec.write(sqe, 0, granted ? cdw2 : 0, granted ? cdw3 : 0);
  }

  /** About to be sent again: its time starts anew. */
  void again(long nowNs) {
    retries++;
    deadlineNs = nowNs + timeoutNs;
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
    if (!data.complete()) {
      status = Status.DATA_TRANSFER_ERROR;
    }
    return data.damaged;
  }

  /** An error came before the controller took all data: some may be in the socket's queue. */
  boolean dataUnderWay() {
    return data.toController() && !data.inCapsule && data.sent > 0 && !Status.isSuccess(status);
  }

  /** Tells the callback; forgets the caller's objects first, so that it can be used again. */
  void end(int newStatus, @Nullable NvmeException newFailure, CommandFlow flow) {
    status = newStatus;
    failure = newFailure;
    completedNs = flow.nowNs();
    completionCpu = flow.drainCpu();
    IoCallback told = callback;
    IoConsumer to = consumer;
    IoHandle held = handle;
    QueueSignals signals = flow.signals(opcode());
    consumption = signals;
    callback = NOBODY;
    consumer = null;
    region = null;
    handle = null;
    data.forget();
    if (held != null) {
      held.ended(this);
    }
    if (to != null && to.executor() != null) {
      readyNs = completedNs;
      Handoff.tell(this, to, told, context);
      return;
    }
    readyNs = flow.readyNs(IntentCodec.latencyClass(cdw3()));
    consumerCpu = to == null ? flow.cpuNow() : to.cpu();
    if (signals != null) {
      signals.ended(this, false);
    }
    told.completed(context, newStatus, this);
  }

  boolean mayResend() {
    return resend;
  }

  /** The callback it will tell: also names the I/O it is a piece of. */
  IoCallback owner() {
    return callback;
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
  public long readyNs() {
    return readyNs;
  }

  @Override
  public int completionCpu() {
    return completionCpu;
  }

  @Override
  public int consumerCpu() {
    return consumerCpu;
  }

  @Override
  public int cdw2() {
    return Sqe.cdw2(sqe, 0);
  }

  @Override
  public int cdw3() {
    return Sqe.cdw3(sqe, 0);
  }

  @Override
  public @Nullable ConsumptionListener consumption() {
    return consumption;
  }

  @Override
  public @Nullable NvmeException failure() {
    return failure;
  }

  @Override
  public String toString() {
    String opcode = Integer.toHexString(opcode());
    String nsid = Integer.toHexString(Sqe.nsid(sqe, 0));
    return "opcode " + opcode + "h CID " + cid + " NSID " + nsid + "h, " + data.length() + " bytes";
  }
}
