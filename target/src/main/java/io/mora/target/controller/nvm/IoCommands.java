package io.mora.target.controller.nvm;

import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Copy;
import io.mora.protocol.command.DatasetManagement;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.target.controller.Controller;
import io.mora.target.controller.HostConnection;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.DataPointer;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.Port;
import io.mora.target.subsystem.PortAna;
import org.jspecify.annotations.Nullable;

/** The commands of an I/O queue. */
public final class IoCommands implements CommandSet {
  /** What the extension's opcodes have more than those they stand for. */
  private static final int CARRIER_B_MASK = 0xC0;

  private final Controller controller;
  private final PortAna ana;
  private final NamespaceSteps steps;
  private final ScratchSteps scratch;
  private final ReservationCommands reservations;
  private final FusedCommands fused;
  private final HastenCommand hasten;
  private final IntentResolver intent;
  private final IntentRecorder recorder;

  /**
   * @param connection on the shard where the queue will be
   */
  public IoCommands(Controller controller, int qid, HostConnection connection) {
    this.controller = controller;
    Port port = connection.port();
    this.ana = port.ana();
    int rangeClass = controller.subsystem().policy().classOf(qid).code();
    this.intent =
        new IntentResolver(
            controller.intent(),
            new IntentResolver.QueuePolicy(
                qid, port.policy().latencyClass(), rangeClass, controller.readaheadIsPrefetch()));
    this.recorder =
        new IntentRecorder(qid, controller.intent().host(), connection.turn().recorder().slow());
    controller.home().shard().execute(() -> controller.classLog().add(recorder.counts()));
    this.steps = new NamespaceSteps(controller, intent);
    this.reservations = new ReservationCommands(controller);
    this.scratch = new ScratchSteps(controller, intent);
    this.fused = new FusedCommands(controller, this, reservations);
    this.hasten = new HastenCommand(intent);
  }

  // --- init

  @Override
  public void arrived(CommandSlot slot) {
    fused.arrived(slot);
  }

  @Override
  public int init(CommandSlot slot) {
    if ((Sqe.flags(slot.sqe, 0) & ~Sqe.FUSE_MASK) != Sqe.PSDT_SGL) {
      return refuse(slot, Status.INVALID_FIELD, Sqe.FLAGS);
    }
    int opcode = slot.opcode();
    if (opcode == AdminOpcode.FABRICS) {
      return fabrics(slot);
    }
    if (!controller.isReady()) {
      return refuse(slot, Status.COMMAND_SEQUENCE_ERROR, Sqe.OPC);
    }
    if (opcode == IntentFeature.HASTEN && controller.intent().control() != 0) {
      return READY;
    }
    if ((opcode & CARRIER_B_MASK) == CARRIER_B_MASK && !carrierB(slot, opcode)) {
      return REFUSED;
    }
    if (opcode == NvmOpcode.FLUSH && slot.nsid() == Sqe.NSID_ALL) {
      int refused = intent.resolve(slot, null, 0);
      return refused == IntentResolver.RUNS ? READY : refuse(slot, refused, Sqe.CDW3);
    }
    Namespace namespace = controller.namespaces().find(slot.nsid());
    if (namespace == null) {
      return refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
    }
    int unreached = ana.status(namespace.policy().reach().anaGroup());
    if (unreached != Status.SUCCESS) {
      slot.fail(unreached, -1); // No DNR: elsewhere, or later.
      return REFUSED;
    }
    slot.namespace = namespace;
    if (!reservations.admits(slot.opcode(), namespace)) {
      return refuse(slot, Status.RESERVATION_CONFLICT, -1);
    }
    int refused = intent.resolve(slot, namespace, dataBytes(slot, namespace));
    if (refused != IntentResolver.RUNS) {
      return refuse(slot, refused, Sqe.CDW3);
    }
    return switch (slot.opcode()) {
      case NvmOpcode.READ -> initRead(slot, namespace);
      case NvmOpcode.WRITE -> initWrite(slot, namespace);
      case NvmOpcode.COMPARE -> initCompare(slot, namespace);
      case NvmOpcode.WRITE_ZEROES -> initWriteZeroes(slot, namespace);
      case NvmOpcode.DATASET_MANAGEMENT -> initDatasetManagement(slot, namespace);
      case NvmOpcode.VERIFY -> BlockChecks.isRange(slot, namespace) ? READY : REFUSED;
      case NvmOpcode.COPY -> initCopy(slot, namespace);
      case NvmOpcode.FLUSH -> READY;
      case NvmOpcode.RESERVATION_REGISTER,
          NvmOpcode.RESERVATION_REPORT,
          NvmOpcode.RESERVATION_ACQUIRE,
          NvmOpcode.RESERVATION_RELEASE ->
          reservations.init(slot);
      default -> refuse(slot, Status.INVALID_OPCODE, Sqe.OPC);
    };
  }

  /** LI Write, Read and Compare are Write, Read and Compare with intent, for who opted in. */
  private boolean carrierB(CommandSlot slot, int opcode) {
    boolean known =
        opcode == IntentFeature.LI_WRITE
            || opcode == IntentFeature.LI_READ
            || opcode == IntentFeature.LI_COMPARE;
    if (!known || (controller.intent().control() & IntentFeature.CARRIER_B) == 0) {
      slot.fail(Status.INVALID_OPCODE | Status.DNR, Sqe.OPC);
      return false;
    }
    if (IntentCodec.version(Sqe.cdw3(slot.sqe, 0)) != IntentCodec.VERSION) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, Sqe.CDW3);
      return false;
    }
    slot.carrierB = true;
    slot.sqe.setByte(Sqe.OPC, opcode & ~CARRIER_B_MASK);
    return true;
  }

  private static long dataBytes(CommandSlot slot, Namespace namespace) {
    return switch (slot.opcode()) {
      case NvmOpcode.READ, NvmOpcode.WRITE, NvmOpcode.COMPARE -> BlockChecks.bytes(slot, namespace);
      default -> 0;
    };
  }

  private int initRead(CommandSlot slot, Namespace namespace) {
    if (!BlockChecks.isRange(slot, namespace)
        || !BlockChecks.isTransfer(slot, namespace, controller.limits())) {
      return REFUSED;
    }
    return DataPointer.toHost(slot, BlockChecks.bytes(slot, namespace)) ? DATA_TO_HOST : REFUSED;
  }

  private int initWrite(CommandSlot slot, Namespace namespace) {
    if (!BlockChecks.isWritable(slot, namespace)
        || !BlockChecks.isRange(slot, namespace)
        || !BlockChecks.isTransfer(slot, namespace, controller.limits())) {
      return REFUSED;
    }
    return fromHost(slot, BlockChecks.bytes(slot, namespace));
  }

  private int initCompare(CommandSlot slot, Namespace namespace) {
    if (!BlockChecks.isRange(slot, namespace)
        || !BlockChecks.isTransfer(slot, namespace, controller.limits())) {
      return REFUSED;
    }
    return fromHost(slot, BlockChecks.bytes(slot, namespace));
  }

  private int initWriteZeroes(CommandSlot slot, Namespace namespace) {
    return BlockChecks.isWritable(slot, namespace) && BlockChecks.isRange(slot, namespace)
        ? READY
        : REFUSED;
  }

  private int initDatasetManagement(CommandSlot slot, Namespace namespace) {
    if (!BlockChecks.isWritable(slot, namespace)) {
      return REFUSED;
    }
    long least = (DatasetManagement.nr0(slot.sqe, 0) + 1L) * DatasetManagement.RANGE_LENGTH;
    long most = DatasetManagement.RANGES_MAX * (long) DatasetManagement.RANGE_LENGTH;
    int inCapsule = controller.limits().inCapsuleBytes();
    return DataPointer.fromHost(slot, least, most, inCapsule) ? DATA_FROM_HOST : REFUSED;
  }

  private int initCopy(CommandSlot slot, Namespace namespace) {
    if (!BlockChecks.isWritable(slot, namespace)) {
      return REFUSED;
    }
    int cdw12 = ReadWrite.cdw12(slot.sqe, 0);
    if (Copy.format(slot.sqe, 0) != 0 || (cdw12 & BlockChecks.unserved(NvmOpcode.COPY)) != 0) {
      return refuse(slot, Status.INVALID_FIELD, ReadWrite.CDW12);
    }
    int ranges = Copy.nr0(slot.sqe, 0) + 1;
    if (ranges > CopyLimits.RANGES_MAX) {
      return refuse(slot, Status.COMMAND_SIZE_LIMIT_EXCEEDED, ReadWrite.CDW12);
    }
    return fromHost(slot, (long) ranges * Copy.RANGE_LENGTH);
  }

  private int fromHost(CommandSlot slot, long length) {
    int inCapsule = controller.limits().inCapsuleBytes();
    return DataPointer.fromHost(slot, length, inCapsule) ? DATA_FROM_HOST : REFUSED;
  }

  private int fabrics(CommandSlot slot) {
    int type = Sqe.fctype(slot.sqe, 0);
    return type == FabricsType.CONNECT
        ? refuse(slot, Status.COMMAND_SEQUENCE_ERROR, Sqe.FCTYPE)
        : refuse(slot, Status.INVALID_OPCODE, Sqe.FCTYPE);
  }

  private static int refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
    return REFUSED;
  }

  // --- execute

  @Override
  public void execute(CommandSlot slot) {
    Namespace namespace = slot.namespace;
    int refusal = namespace == null ? Status.SUCCESS : namespace.refusal();
    if (refusal != Status.SUCCESS) {
      // Being formatted, or removed while it waited for data or a buffer.
      slot.fail(refusal, Sqe.NSID);
      slot.queuePair.finish(slot);
      return;
    }
    if (slot.received > 0 && namespace != null && !reservations.admits(slot.opcode(), namespace)) {
      // Reserved while its data was on the way.
      slot.fail(Status.RESERVATION_CONFLICT | Status.DNR, -1);
      slot.queuePair.finish(slot);
      return;
    }
    if (slot.fuse != 0) {
      fused.dataIn(slot);
      return;
    }
    switch (slot.opcode()) {
      case NvmOpcode.READ -> read(slot);
      case NvmOpcode.WRITE -> write(slot);
      case NvmOpcode.COMPARE -> compare(slot);
      case NvmOpcode.WRITE_ZEROES -> writeZeroes(slot);
      case NvmOpcode.VERIFY, NvmOpcode.COPY -> scratch.next(slot);
      case NvmOpcode.FLUSH, NvmOpcode.DATASET_MANAGEMENT -> steps.next(slot);
      case IntentFeature.HASTEN -> hasten.execute(slot);
      default -> reservations.execute(slot);
    }
  }

  private void read(CommandSlot slot) {
    Namespace namespace = slot.namespace;
    IoBuffer buffer = slot.buffer;
    if (namespace == null || buffer == null) {
      throw new IllegalStateException("no namespace or buffer: " + slot);
    }
    if (namespace.hot().isPresent()) {
      IoRequest request = slot.request;
      request.op = IoRequest.READ;
      request.offsetBytes = ReadWrite.slba(slot.sqe, 0) << namespace.blockShift();
      request.lengthBytes = slot.dataLength;
      request.data = buffer.buf;
      request.dataAt = 0;
      request.keeper = intent.keeper(slot);
      if (namespace.hot().serve(request)) {
        slot.cacheHit = true;
        finish(slot, buffer);
        return;
      }
    }
    if (slot.refusable && IntentResolver.refuses(slot, namespace, slot.queuePair.turn().nowNs())) {
      slot.fail(Status.INTENT_CANNOT_MEET, -1); // No DNR: later, or elsewhere.
      slot.queuePair.finish(slot);
      return;
    }
    slot.request.inPlace = namespace.lender() != null && slot.queuePair.sink().sendsInPlace();
    submit(slot, IoRequest.READ, buffer, slot.dataLength);
  }

  void write(CommandSlot slot) {
    slot.request.forceUnitAccess = fua(slot);
    submit(slot, IoRequest.WRITE, slot.buffer, slot.dataLength);
  }

  void compare(CommandSlot slot) {
    if (slot.queuePair.takeSecond(slot, slot.dataLength)) {
      submit(slot, IoRequest.READ, slot.second, slot.dataLength);
    } else {
      slot.fail(Status.COMMAND_INTERRUPTED, -1);
      slot.queuePair.finish(slot);
    }
  }

  private void writeZeroes(CommandSlot slot) {
    slot.request.forceUnitAccess = fua(slot);
    slot.request.mayDeallocate = (ReadWrite.cdw12(slot.sqe, 0) & ReadWrite.DEAC) != 0;
    Namespace namespace = slot.namespace;
    long length = namespace == null ? 0 : BlockChecks.bytes(slot, namespace);
    submit(slot, IoRequest.WRITE_ZEROES, null, length);
  }

  private boolean fua(CommandSlot slot) {
    return controller.isWriteThrough() || (ReadWrite.cdw12(slot.sqe, 0) & ReadWrite.FUA) != 0;
  }

  private static void submit(CommandSlot slot, int op, @Nullable IoBuffer buffer, long length) {
    Namespace namespace = slot.namespace;
    if (namespace == null) {
      throw new IllegalStateException("no namespace: " + slot);
    }
    if (slot.waitDataNs != 0 && slot.queuedNs == 0) {
      // What the host took to send its data is not the target's time.
      slot.deadlineNs += slot.queuePair.turn().nowNs() - slot.waitDataNs;
    }
    slot.request.data = buffer == null ? null : buffer.buf;
    slot.request.address = buffer == null ? 0 : buffer.address;
    long offset = ReadWrite.slba(slot.sqe, 0) << namespace.blockShift();
    slot.queuePair.submit(slot, op, offset, length);
  }

  // --- complete

  @Override
  public void stepDone(CommandSlot slot, int status) {
    if (!Status.isSuccess(status) || slot.isPreempted()) {
      slot.fail(slot.isPreempted() ? Status.ABORTED_PREEMPT : status, -1);
      finish(slot, null);
      return;
    }
    switch (slot.opcode()) {
      case NvmOpcode.READ -> finish(slot, slot.buffer);
      case NvmOpcode.COMPARE -> compared(slot);
      case NvmOpcode.WRITE, NvmOpcode.WRITE_ZEROES -> written(slot);
      case NvmOpcode.VERIFY, NvmOpcode.COPY -> scratch.more(slot);
      default -> steps.next(slot);
    }
  }

  /** A write that was under way when the host turned the cache off is made durable first. */
  private void written(CommandSlot slot) {
    if (controller.isWriteThrough() && !slot.request.forceUnitAccess) {
      slot.request.forceUnitAccess = true;
      slot.queuePair.submit(slot, IoRequest.FLUSH, 0, 0);
    } else {
      if (slot.fuse != 0) {
        fused.succeeded(slot);
      }
      finish(slot, null);
    }
  }

  private void compared(CommandSlot slot) {
    IoBuffer fromHost = slot.buffer;
    IoBuffer stored = slot.second;
    if (fromHost == null || stored == null || differ(fromHost, stored, slot.dataLength)) {
      slot.fail(Status.COMPARE_FAILURE | Status.DNR, -1);
    } else if (slot.fuse != 0) {
      fused.equal(slot);
      return;
    }
    finish(slot, null);
  }

  void finish(CommandSlot slot, @Nullable IoBuffer data) {
    intent.stamp(slot);
    slot.queuePair.finish(slot, data, slot.dataLength);
  }

  @Override
  public void halfEnded(CommandSlot slot) {
    fused.ended(slot);
  }

  @Override
  public void sent(CommandSlot slot, long nowNs) {
    recorder.sent(slot, nowNs);
  }

  private static boolean differ(IoBuffer a, IoBuffer b, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      if (a.buf.getLongLE(i) != b.buf.getLongLE(i)) {
        return true;
      }
    }
    return false;
  }
}
