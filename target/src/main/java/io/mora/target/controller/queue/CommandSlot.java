package io.mora.target.controller.queue;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.net.SendQueue;
import io.mora.protocol.status.Status;
import io.mora.qos.IoClass;
import io.mora.qos.mode.ModeProfile;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.Lender;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.QueuedIo;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Namespace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One command on its way through the target; preallocated, owned by one queue pair for ever.
 *
 * <p>Fields are written by the controller on the shard's thread. The gaps between the stamps are
 * what Mora is about, so the state changes through {@link #moveTo} only.
 */
public final class CommandSlot extends QueuedIo {
  /** Longer in the scheduler than this is held back, and not just waiting for its turn. */
  private static final long DEFERRED_NS = 50_000;

  /** Number of this slot in its queue pair; also its TTAG. */
  public final int index;

  /** The queue pair that owns it. */
  public final QueuePair queuePair;

  /** What the backend sees of this command. */
  public final IoRequest request;

  /** The submission queue entry, from offset 0. */
  public final ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH, Sqe.LENGTH);

  /** Reply: CID, packed status, DW0 in the low half and DW1 in the high half. */
  public int cid;

  public int status;
  public long result;

  /** Where in the SQE or the data the error lies: byte offset, or -1. */
  public int errorLocation;

  public @Nullable Namespace namespace;

  /** Data between host and device, on loan; null when the command has none or needs none yet. */
  public @Nullable IoBuffer buffer;

  /** Compare: what the device holds. */
  public @Nullable IoBuffer second;

  /** Bytes of data the command moves, and those that came from the host so far. */
  public int dataLength;

  public int received;

  /** Capacity asked of {@link BufferShare}. */
  int wantedBytes;

  /** It takes buffers and sends replies ahead of others. */
  boolean ahead;

  /** The numbers of its namespace's latency mode. */
  ModeProfile profile = ModeProfile.AUTO_IDLE;

  /** Its place in the line for leave to ask for data; made when first needed. */
  HostData.@Nullable Leave leave;

  /** Parts of its request that are not done, the first that is kept, and how they ended. */
  int piecesLeft;

  DeviceSteps.@Nullable Piece pieces;
  int piecesStatus;

  /** Data of a reply that is being sent in parts: how much there is, and how much has gone. */
  public @Nullable IoBuffer replyData;

  public int replyLength;
  public int replySent;

  /** End of the part the host was asked for last. */
  int r2tEnd;

  /** Bytes of in-capsule data that came with the command. */
  public int inCapsuleLength;

  /** Its CID is already in use by a command without a reply. */
  boolean duplicateCid;

  /** The command takes data from the host. */
  boolean fromHost;

  /** DW0 and DW1 of the reply tell where the time went. */
  public boolean wantsTiming;

  /** Its opcode was one of the extension's. */
  public boolean carrierB;

  /** It carries intent that counts. */
  public boolean hasIntent;

  /** Flags and reason of the timing reply, as DW1 has them. */
  public int intentFlags;

  /** Over its host's rate: it runs as class 4. */
  public boolean throttled;

  /** A read that may be refused where it would be late. */
  public boolean refusable;

  /** Time it may take, in microseconds, without the host's own. */
  public long budgetUs;

  /** Prefers the hot tier; was served by it. */
  public boolean hotMetadata;

  public boolean cacheHit;

  /** Of intent: flow, affinity tag and registration slot; 0 is none. */
  public int flow;

  public int affinity;
  public int registration;

  /** Its registration slot holds no region with its blocks. */
  public boolean registrationStale;

  /** It ends with this status, at this place of the SQE, when its data is in; SUCCESS: it runs. */
  private int doom;

  private int doomLocation;

  /** FUSE of a half of a fused operation that was taken on; 0 once it has ended. */
  public int fuse;

  /** The other half, while both are there. */
  public @Nullable CommandSlot partner;

  /** It ends with Command Aborted due to Preempt and Abort, however far it has come. */
  boolean preempted;

  /** A data digest was wrong: the data is swallowed and the command fails. */
  boolean transferError;

  /** Range or namespace a command of several steps is at. */
  public int step;

  /** Bytes a command of several steps has moved. */
  public long progress;

  /** Nanoseconds of the loop's clock at each beat. */
  public long receivedNs;

  /** When a large write was let ask for its data. */
  public long leaveNs;

  public long waitDataNs;
  public long queuedNs;
  public long issuedNs;
  public long deviceDoneNs;

  private SlotState state = SlotState.FREE;

  /** Links of the queue pair's lists. A slot is in at most one of each. */
  @Nullable CommandSlot nextFree;

  @Nullable CommandSlot nextWaiting;

  /** Link of the writer's list of replies in the socket's queue. */
  public @Nullable CommandSlot nextSending;

  CommandSlot(QueuePair queuePair, int index) {
    this.queuePair = queuePair;
    this.index = index;
    this.request = new Request(this);
  }

  public SlotState state() {
    return state;
  }

  /** The one way to change the state; stamps the beat. */
  void moveTo(SlotState to, long nowNs) {
    state = to;
    switch (to) {
      case RECEIVED -> receivedNs = nowNs;
      case WAIT_DATA -> waitDataNs = nowNs;
      case QUEUED -> queuedNs = nowNs;
      case EXECUTING -> issuedNs = nowNs;
      case READY -> {
        if (issuedNs != 0) {
          deviceDoneNs = nowNs;
        }
      }
      default -> {}
    }
  }

  @Override
  protected void start(long nowNs) {
    moveTo(SlotState.EXECUTING, nowNs);
    queuePair.device().start(this);
  }

  @Override
  protected void expire(long nowNs) {
    queuePair.turn().deviceDone(this);
    queuePair.deviceDone(this, Status.INTENT_EXPIRED);
  }

  /** Tells how long its beats were. */
  void recordStages(ShardTurn turn, long nowNs) {
    boolean atDevice = issuedNs != 0;
    if (ioClass == IoClass.CRITICAL && namespace != null) {
      namespace
          .modeRecord(turn.shard().index())
          .completed(nowNs - receivedNs - hostWaitNs(), nowNs);
    }
    turn.recorder()
        .record(
            opcode(),
            atDevice ? issuedNs - receivedNs : 0,
            atDevice ? deviceDoneNs - issuedNs : 0,
            nowNs - receivedNs);
    queuePair.commands().sent(this, nowNs);
  }

  /** Its reply goes before those of others, and whole. */
  public boolean repliesAhead() {
    return ahead;
  }

  /** Its reply leaves before anything else is started, not with the end of the turn. */
  public boolean repliesAtOnce() {
    return ahead && !profile.coalesce();
  }

  /** Its data is still in storage that lends it; see {@link Lender}. */
  public boolean isInPlace() {
    return request.inPlace;
  }

  /** Adds a part of its data to what is sent, from where it is; false for not now. */
  public boolean lend(int offset, int length, SendQueue to, IoBuffer standIn) {
    return lender().lend(request.offsetBytes + offset, length, to, standIn.buf, offset);
  }

  /** Copies a part of its data from where it is to its buffer; false for not now. */
  public boolean fetch(int offset, int length, IoBuffer target) {
    return lender().copy(request.offsetBytes + offset, length, target.buf, offset);
  }

  private Lender lender() {
    Lender lender = namespace == null ? null : namespace.lender();
    if (lender == null) {
      throw new IllegalStateException("no lender: " + this);
    }
    return lender;
  }

  /** Longest data PDU of its reply. */
  public int c2hPduBytes() {
    return profile.c2hPduBytes();
  }

  /** Most data that may lie in the socket's queue before more of its reply is added. */
  public int socketQueueBytes() {
    return profile.socketQueueBulkBytes();
  }

  /** Makes a free slot ready for a new command. */
  void reset(int newCid) {
    cid = newCid;
    status = Status.SUCCESS;
    result = 0;
    errorLocation = -1;
    namespace = null;
    dataLength = 0;
    received = 0;
    r2tEnd = 0;
    inCapsuleLength = 0;
    duplicateCid = false;
    fromHost = false;
    wantsTiming = false;
    carrierB = false;
    hasIntent = false;
    intentFlags = 0;
    throttled = false;
    budgetUs = 0;
    hotMetadata = false;
    cacheHit = false;
    flow = 0;
    affinity = 0;
    registration = 0;
    registrationStale = false;
    request.keeper = null;
    request.inPlace = false;
    leaveNs = 0;
    waitDataNs = 0;
    transferError = false;
    doom = Status.SUCCESS;
    fuse = 0;
    partner = null;
    preempted = false;
    step = 0;
    progress = 0;
    queuedNs = 0;
    issuedNs = 0;
    deviceDoneNs = 0;
    ahead = false;
    asksNothing();
  }

  /** Time the host took to send the data it was asked for; no part of the budget. */
  public long hostWaitNs() {
    return waitDataNs == 0 || queuedNs < waitDataNs ? 0 : queuedNs - waitDataNs;
  }

  /** It waited for its device longer than a turn takes. */
  public boolean wasDeferred() {
    return issuedNs - queuedNs > DEFERRED_NS && queuedNs != 0;
  }

  /** Fails it, once its capsule is here, if it is not to begin. */
  boolean isSpoiled() {
    if (duplicateCid) {
      fail(Status.CID_CONFLICT, Sqe.CID);
    } else if (transferError) {
      fail(Status.TRANSIENT_TRANSPORT_ERROR, -1);
    } else if (preempted) {
      fail(Status.ABORTED_PREEMPT, -1);
    } else if (doom != Status.SUCCESS) {
      fail(doom, doomLocation);
    }
    return status != Status.SUCCESS;
  }

  /** Has it end with a status, the first that is given, before it is executed. */
  public void spoil(int packedStatus, int location) {
    if (doom == Status.SUCCESS) {
      doom = packedStatus;
      doomLocation = location;
    }
  }

  /** Its request changes blocks. */
  boolean changesBlocks() {
    int op = request.op;
    return op == IoRequest.WRITE || op == IoRequest.WRITE_ZEROES || op == IoRequest.DEALLOCATE;
  }

  /** It waits for the other half of a fused operation. */
  public boolean isFused() {
    return state == SlotState.FUSED;
  }

  /** A reservation was taken from its host while it was under way. */
  public boolean isPreempted() {
    return preempted;
  }

  public void fail(int packedStatus, int location) {
    status = packedStatus;
    errorLocation = location;
  }

  public int opcode() {
    return Sqe.opcode(sqe, 0);
  }

  public int nsid() {
    return Sqe.nsid(sqe, 0);
  }

  @Override
  public String toString() {
    return "slot " + index + " cid " + cid + " opc " + opcode() + " " + state;
  }

  /** The backend's half of a slot. */
  static final class Request extends IoRequest {
    private final CommandSlot slot;

    Request(CommandSlot slot) {
      this.slot = slot;
    }

    @Override
    public void complete(int status) {
      slot.unmeasured = !Status.isSuccess(status);
      slot.queuePair.turn().deviceDone(slot);
      slot.queuePair.deviceDone(slot, status);
    }
  }
}
