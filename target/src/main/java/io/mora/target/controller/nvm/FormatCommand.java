package io.mora.target.controller.nvm;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.namespace.FormatNvm;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.PortAna;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Format NVM of one namespace: its blocks read as zeroes afterwards. The home shard only.
 *
 * <p>From its start on no command begins on the namespace, of any host; when those at the device
 * are done it is zeroed through the home shard's queue, piece after piece, so that the shard goes
 * on with everything else in between. It ends early, with part of the namespace zeroed, when its
 * controller is reset or its connection goes.
 */
public final class FormatCommand {
  /** What a shard is asked at once: little where memory is given back by the shard itself. */
  static final long PIECE_BYTES = 16L << 20;

  private final Controller controller;
  private final PortAna ana;
  private final List<Zeroing> running = new ArrayList<>();

  /**
   * @param ana of the port of the admin queue
   */
  public FormatCommand(Controller controller, PortAna ana) {
    this.controller = controller;
    this.ana = ana;
  }

  /** As {@link CommandSet#init}. */
  public int init(CommandSlot slot) {
    if (slot.nsid() == Sqe.NSID_ALL) {
      return refuse(slot, Status.INVALID_FIELD | Status.DNR, Sqe.NSID); // As FNA says.
    }
    Namespace namespace = controller.namespaces().find(slot.nsid());
    if (namespace == null) {
      return refuse(slot, Status.INVALID_NAMESPACE | Status.DNR, Sqe.NSID);
    }
    int unreached = ana.status(namespace.policy().reach().anaGroup());
    if (unreached != Status.SUCCESS) {
      return refuse(slot, unreached, -1);
    }
    if (FormatNvm.format(slot.sqe, 0) != 0 || FormatNvm.isProtected(slot.sqe, 0)) {
      return refuse(slot, Status.INVALID_FORMAT | Status.DNR, Sqe.CDW10);
    }
    if (FormatNvm.erase(slot.sqe, 0) > FormatNvm.USER_DATA_ERASE) {
      return refuse(slot, Status.INVALID_FIELD | Status.DNR, Sqe.CDW10);
    }
    if (!BlockChecks.isWritable(slot, namespace)) {
      return CommandSet.REFUSED;
    }
    if (!mayWrite(namespace)) {
      return refuse(slot, Status.RESERVATION_CONFLICT | Status.DNR, -1);
    }
    return CommandSet.READY;
  }

  private boolean mayWrite(Namespace namespace) {
    return namespace.reservation().now().mayWrite(controller.identity().hostId());
  }

  private static int refuse(CommandSlot slot, int status, int location) {
    slot.fail(status, location);
    return CommandSet.REFUSED;
  }

  /** Begins; the command ends later. */
  public void execute(CommandSlot slot) {
    Namespace namespace = controller.namespaces().find(slot.nsid());
    if (namespace == null || !namespace.beginFormat()) {
      int gone = Status.INVALID_NAMESPACE | Status.DNR;
      int status = namespace == null ? gone : namespace.refusal();
      slot.fail(status, Sqe.NSID);
      slot.queuePair.finish(slot);
      return;
    }
    slot.queuePair.aborts().hold(slot);
    Zeroing zeroing = new Zeroing(slot, namespace);
    running.add(zeroing);
    new QueueWalk(
            queuePair -> {}, queuePair -> queuePair.aborts().isUsing(namespace), zeroing::next)
        .run(controller, each -> true);
  }

  /** Controller reset: nothing is answered any more, and what runs ends. */
  public void reset() {
    running.forEach(Zeroing::discard);
  }

  private final class Zeroing extends IoRequest {
    private final Namespace namespace;
    private @Nullable CommandSlot slot;
    private long doneBytes;

    Zeroing(CommandSlot slot, Namespace namespace) {
      this.slot = slot;
      this.namespace = namespace;
      this.mayDeallocate = FormatNvm.erase(slot.sqe, 0) == FormatNvm.NO_ERASE;
    }

    void discard() {
      CommandSlot left = slot;
      if (left != null) {
        slot = null;
        left.queuePair.discard(left);
      }
    }

    private boolean isGivenUp() {
      return slot == null || slot.queuePair.isClosed();
    }

    /** The next piece, and at last a flush. */
    void next() {
      if (namespace.isRetired()) {
        end(Status.INVALID_NAMESPACE | Status.DNR);
        return;
      }
      long size = namespace.geometry().sizeBytes();
      if (isGivenUp() || op == FLUSH) {
        end(Status.SUCCESS);
        return;
      }
      if (doneBytes == 0 && !mayWrite(namespace)) {
        // Reserved by a command that was under way when this one came: it has been waited for.
        end(Status.RESERVATION_CONFLICT | Status.DNR);
        return;
      }
      boolean more = doneBytes < size;
      op = more ? WRITE_ZEROES : FLUSH;
      offsetBytes = more ? doneBytes : 0;
      lengthBytes = more ? Math.min(PIECE_BYTES, size - doneBytes) : 0;
      doneBytes += lengthBytes;
      namespace.queue(controller.home().shard().index()).submit(this);
    }

    @Override
    public void complete(int status) {
      // Not from within: storage that is done at once would come here again and again.
      controller.home().shard().execute(() -> pieceDone(status));
    }

    private void pieceDone(int status) {
      if (!Status.isSuccess(status)) {
        end(status);
        return;
      }
      namespace.formatReached(doneBytes);
      next();
    }

    private void end(int status) {
      running.remove(this);
      namespace.hot().drop();
      namespace.endFormat();
      CommandSlot left = slot;
      if (left != null) {
        if (!Status.isSuccess(status)) {
          left.fail(status, -1);
        }
        left.queuePair.finish(left);
      }
    }
  }
}
