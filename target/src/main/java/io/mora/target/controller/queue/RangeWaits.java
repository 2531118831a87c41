package io.mora.target.controller.queue;

import io.mora.target.backend.IoRequest;
import io.mora.target.range.RangeClaim;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Namespace;
import org.jspecify.annotations.Nullable;

/**
 * Commands of a queue pair that would change blocks which a fused operation has to itself, in order
 * of arrival. The queue pair's shard only.
 */
final class RangeWaits {
  /*
   * Only the first has a place in the namespace's line; the others look again when it has gone on,
   * so that a queue pair has one claim there however deep it is.
   */
  private final DeviceSteps device;
  private final ShardTurn turn;
  private @Nullable CommandSlot head;
  private @Nullable CommandSlot tail;
  private @Nullable Place place;

  RangeWaits(DeviceSteps device, ShardTurn turn) {
    this.device = device;
    this.turn = turn;
  }

  /** Takes in a command whose request has to wait; false if it has not. */
  boolean keepsOut(CommandSlot slot, Namespace namespace) {
    IoRequest request = slot.request;
    if (!slot.changesBlocks()
        || !namespace.ranges().isTaken(request.offsetBytes, request.lengthBytes)
        || slot.fuse != 0) {
      return false; // The second half of a fused operation has the blocks.
    }
    slot.moveTo(SlotState.NEED_RANGE, turn.nowNs());
    slot.nextWaiting = null;
    CommandSlot last = tail;
    tail = slot;
    if (last == null) {
      head = slot;
      line(slot, namespace);
    } else {
      last.nextWaiting = slot;
    }
    return true;
  }

  private void line(CommandSlot slot, Namespace namespace) {
    Place mine = new Place(slot.request, namespace);
    place = mine;
    namespace.ranges().add(mine);
  }

  /** Takes a command out. */
  void withdraw(CommandSlot slot) {
    if (slot == head) {
      leavePlace();
      head = slot.nextWaiting;
      next();
      return;
    }
    for (CommandSlot at = head; at != null; at = at.nextWaiting) {
      if (at.nextWaiting == slot) {
        at.nextWaiting = slot.nextWaiting;
        if (tail == slot) {
          tail = at;
        }
        return;
      }
    }
  }

  /** The connection is gone. */
  void close() {
    leavePlace();
    head = null;
    tail = null;
  }

  private void leavePlace() {
    Place mine = place;
    place = null;
    if (mine != null) {
      mine.namespace.ranges().remove(mine);
    }
  }

  /** The first may go on. It is queued before its place is given up: the next one sees it there. */
  private void enter(Place granted) {
    CommandSlot slot = head;
    if (granted != place || slot == null) {
      return; // Withdrawn meanwhile.
    }
    head = slot.nextWaiting;
    device.enqueue(slot);
    leavePlace();
    next();
  }

  /** Lets those go on that need not wait any more, up to the first that has to. */
  private void next() {
    for (CommandSlot slot = head; slot != null; slot = head) {
      IoRequest request = slot.request;
      Namespace namespace = slot.namespace;
      if (namespace != null
          && namespace.ranges().isTaken(request.offsetBytes, request.lengthBytes)) {
        line(slot, namespace);
        return;
      }
      head = slot.nextWaiting;
      device.enqueue(slot);
    }
    tail = null;
  }

  private final class Place extends RangeClaim {
    private final Namespace namespace;

    Place(IoRequest request, Namespace namespace) {
      super(request.offsetBytes, request.lengthBytes, false);
      this.namespace = namespace;
    }

    @Override
    protected void granted() {
      turn.shard().execute(() -> enter(this));
    }
  }
}
