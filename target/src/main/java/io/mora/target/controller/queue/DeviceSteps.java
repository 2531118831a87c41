package io.mora.target.controller.queue;

import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.target.shard.QueuedIo;
import io.mora.target.subsystem.Namespace;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The device half of a queue pair: hands requests to the shard's scheduler, long ones in pieces, so
 * that none holds the device longer than the latency mode says.
 */
final class DeviceSteps {
  /*
   * Pieces of a request are queued together and may be at the device together; the step is done
   * when the last is, with the first error that came. What is one unit to hosts is one block
   * (AWUPF), so nothing is torn that was whole. Requests without data are not cut: how long they
   * take has little to do with their length.
   */
  /** Pieces a queue pair may have at a time; a request for which there are too few goes whole. */
  static final int PIECES_MAX = 8192;

  /** Pieces end on whole pages, which is what direct I/O and the memory behind it want. */
  private static final int PIECE_ALIGN = 4096;

  private final QueuePair queuePair;
  private final RangeWaits ranges;
  private @Nullable Piece free;
  private int made;
  private int used;

  DeviceSteps(QueuePair queuePair) {
    this.queuePair = queuePair;
    this.ranges = new RangeWaits(this, queuePair.turn());
  }

  /** Writes that wait for blocks. */
  RangeWaits ranges() {
    return ranges;
  }

  /** The connection is gone: nothing waits for blocks any more. */
  void close() {
    ranges.close();
  }

  /** Queues the slot's request, when nobody has its blocks. */
  void submit(CommandSlot slot) {
    IoRequest request = slot.request;
    int op = request.op;
    slot.writes = op != IoRequest.READ;
    // A range that is zeroed or given back may be of any length: no data moves.
    slot.costBytes = op == IoRequest.READ || op == IoRequest.WRITE ? request.lengthBytes : 0;
    Namespace namespace = slot.namespace;
    slot.device = namespace == null ? null : namespace.line(queuePair.turn().shard().index());
    if (namespace == null || !slot.writes || !ranges.keepsOut(slot, namespace)) {
      enqueue(slot);
    }
  }

  void enqueue(CommandSlot slot) {
    IoRequest request = slot.request;
    slot.moveTo(SlotState.QUEUED, queuePair.turn().nowNs());
    int cut = slot.profile.cutBytes() & -PIECE_ALIGN;
    boolean data =
        request.op == IoRequest.READ && !request.inPlace || request.op == IoRequest.WRITE;
    long pieces = (request.lengthBytes + cut - 1) / cut;
    if (data && pieces > 1 && pieces <= PIECES_MAX - used && queuePair.turn().byClass()) {
      submitPieces(slot, cut, (int) pieces);
    } else {
      slot.piecesLeft = 0;
      queuePair.turn().submit(slot);
    }
  }

  private void submitPieces(CommandSlot slot, int cut, int pieces) {
    slot.piecesLeft = pieces;
    slot.piecesStatus = Status.SUCCESS;
    for (int i = 0; i < pieces; i++) {
      Piece piece = take();
      piece.of(slot, i * cut, cut);
      piece.nextPiece = slot.pieces;
      slot.pieces = piece;
      queuePair.turn().submit(piece);
    }
  }

  /** Starts the whole of the slot's request at its namespace's storage. */
  void start(CommandSlot slot) {
    storage(slot).queue(queuePair.turn().shard().index()).submit(slot.request);
  }

  private static Namespace storage(CommandSlot slot) {
    Namespace namespace = slot.namespace;
    if (namespace == null) {
      throw new IllegalStateException("no namespace: " + slot);
    }
    return namespace;
  }

  /**
   * Takes out what has not been started.
   *
   * @return true if nothing of the slot is at a device now, and no end of the step will be told
   */
  boolean cancel(CommandSlot slot) {
    if (slot.piecesLeft == 0) {
      return queuePair.turn().cancel(slot);
    }
    Piece kept = null;
    Piece next = slot.pieces;
    while (next != null) {
      Piece piece = next;
      next = piece.nextPiece;
      if (!piece.started && queuePair.turn().cancel(piece)) {
        give(piece);
        slot.piecesLeft--;
      } else {
        piece.nextPiece = kept;
        kept = piece;
      }
    }
    slot.pieces = kept;
    return kept == null;
  }

  /** Something of the slot's request has not been started, and nothing of it has failed. */
  boolean waits(CommandSlot slot) {
    if (slot.piecesLeft > 0 && !Status.isSuccess(slot.piecesStatus)) {
      return false;
    }
    for (Piece piece = slot.pieces; slot.piecesLeft > 0 && piece != null; piece = piece.nextPiece) {
      if (!piece.started) {
        return true;
      }
    }
    return slot.piecesLeft == 0 && slot.state() == SlotState.QUEUED;
  }

  /** Queues again, as it is after a change, what has not been started. */
  void requeue(CommandSlot slot, CommandSlot by, BiConsumer<CommandSlot, CommandSlot> change) {
    if (slot.piecesLeft == 0) {
      boolean waited = queuePair.turn().cancel(slot);
      change.accept(slot, by);
      if (waited) {
        queuePair.turn().submit(slot);
      }
      return;
    }
    for (Piece piece = slot.pieces; piece != null; piece = piece.nextPiece) {
      piece.withdrawn = !piece.started && queuePair.turn().cancel(piece);
    }
    change.accept(slot, by);
    for (Piece piece = slot.pieces; piece != null; piece = piece.nextPiece) {
      if (piece.withdrawn) {
        piece.hurry();
        queuePair.turn().submit(piece);
      }
    }
  }

  private void pieceDone(Piece piece, int status) {
    CommandSlot slot = piece.slot();
    piece.unmeasured = !Status.isSuccess(status);
    queuePair.turn().deviceDone(piece);
    if (Status.isSuccess(slot.piecesStatus)) {
      slot.piecesStatus = status;
    }
    unlink(slot, piece);
    give(piece);
    if (--slot.piecesLeft == 0) {
      queuePair.deviceDone(slot, slot.piecesStatus);
    }
  }

  private static void unlink(CommandSlot slot, Piece piece) {
    Piece before = null;
    for (Piece at = slot.pieces; at != null; before = at, at = at.nextPiece) {
      if (at == piece) {
        if (before == null) {
          slot.pieces = at.nextPiece;
        } else {
          before.nextPiece = at.nextPiece;
        }
        return;
      }
    }
  }

  private Piece take() {
    used++;
    Piece piece = free;
    if (piece != null) {
      free = piece.nextPiece;
      return piece;
    }
    made++;
    return new Piece(this);
  }

  private void give(Piece piece) {
    used--;
    piece.clear();
    piece.nextPiece = free;
    free = piece;
  }

  /** Pieces there are, in use or not. */
  int made() {
    return made;
  }

  /** Pieces in use. */
  int used() {
    return used;
  }

  /** A part of a slot's request, with its own place in the scheduler. */
  static final class Piece extends QueuedIo {
    private final DeviceSteps steps;
    private final Request request = new Request();
    private @Nullable CommandSlot slot;
    @Nullable Piece nextPiece;
    private boolean started;
    private boolean withdrawn;

    Piece(DeviceSteps steps) {
      this.steps = steps;
    }

    private CommandSlot slot() {
      CommandSlot current = slot;
      if (current == null) {
        throw new IllegalStateException("a piece of nothing");
      }
      return current;
    }

    void of(CommandSlot whole, int at, int most) {
      slot = whole;
      started = false;
      IoRequest from = whole.request;
      int length = (int) Math.min(most, from.lengthBytes - at);
      asksLike(whole);
      device = whole.device;
      writes = whole.writes;
      costBytes = length;
      request.op = from.op;
      request.offsetBytes = from.offsetBytes + at;
      request.lengthBytes = length;
      request.data = from.data;
      request.dataAt = from.dataAt + at;
      request.address = from.address == 0 ? 0 : from.address + at;
      request.forceUnitAccess = from.forceUnitAccess;
      request.mayDeallocate = from.mayDeallocate;
      request.keeper = from.keeper;
    }

    /** The slot asks for something else by now. */
    void hurry() {
      withdrawn = false;
      asksLike(slot());
    }

    void clear() {
      slot = null;
      host = null;
      device = null;
      request.data = null;
      request.keeper = null;
    }

    @Override
    protected void start(long nowNs) {
      CommandSlot whole = slot();
      started = true;
      if (whole.state() == SlotState.QUEUED) {
        whole.moveTo(SlotState.EXECUTING, nowNs);
      }
      storage(whole).queue(steps.queuePair.turn().shard().index()).submit(request);
    }

    @Override
    protected void expire(long nowNs) {
      steps.pieceDone(this, Status.INTENT_EXPIRED);
    }

    private final class Request extends IoRequest {
      @Override
      public void complete(int status) {
        steps.pieceDone(Piece.this, status);
      }
    }
  }
}
