package io.mora.initiator.queue;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoHandle;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.status.Status;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What callers ask of a queue's commands that are under way: their end before their time, or haste.
 *
 * <p>{@link IoHandle.Canceller} from any thread; everything else on the loop's.
 */
final class CommandChanges implements IoHandle.Canceller {
  private static final Logger LOG = LoggerFactory.getLogger(CommandChanges.class);

  private final IoLoop loop;
  private final HostQueuePair pair;
  private final QueueOwner owner;
  private final CommandFlow flow;
  private boolean hastens;

  CommandChanges(IoLoop loop, HostQueuePair pair, QueueOwner owner, CommandFlow flow) {
    this.loop = loop;
    this.pair = pair;
    this.owner = owner;
    this.flow = flow;
  }

  /** Whether the controller takes Hasten from now on. */
  void hastens(boolean now) {
    hastens = now;
  }

  @Override
  public void cancel(Object what, IoHandle handle, int generation) {
    whileBound(what, handle, generation, this::cancel);
  }

  @Override
  public void abandon(Object what, IoHandle handle, int generation) {
    whileBound(what, handle, generation, this::abandon);
  }

  @Override
  public void hasten(Object what, IoHandle handle, int generation, Intent intent) {
    whileBound(what, handle, generation, command -> hasten(command, intent));
  }

  private void whileBound(
      Object what, IoHandle handle, int generation, Consumer<PendingCommand> change) {
    execute(
        () -> {
          if (handle.isBound(what, generation)) {
            change.accept((PendingCommand) what);
          }
        });
  }

  private void execute(Runnable change) {
    try {
      loop.execute(change);
    } catch (RejectedExecutionException ended) {
      LOG.debug("queue {}: nothing to change, the loop has ended", pair.qid());
    }
  }

  // Ending.

  private void abandon(PendingCommand command) {
    cancel(command);
    boolean there = command.state == PendingCommand.SENT && command.data.toHost();
    if (there && !command.abandoned && command.data.abandon()) {
      command.abandoned = true;
      flow.end(command, Status.ABORT_REQUESTED, null);
    }
  }

  /** Cancels the pieces of an I/O that were sent or are held; those that wait run. */
  void cancelPieces(IoCallback of) {
    forPieces(of, this::cancel);
  }

  private void forPieces(IoCallback of, Consumer<PendingCommand> change) {
    for (int cid = 0; cid < flow.table.size(); cid++) {
      PendingCommand command = flow.table.at(cid);
      if (command.owner() == of) {
        change.accept(command);
      }
    }
  }

  private void cancel(PendingCommand command) {
    command.cancelled = true;
    if (command.state == PendingCommand.HELD) {
      flow.finish(command, Status.ABORT_REQUESTED, null);
    } else if (command.state == PendingCommand.SENT && !command.aborting) {
      command.aborting = true;
      owner.abort(pair, command.cid, () -> settle(command));
    }
  }

  /** The Abort of a command was answered, or never will be; any thread. */
  private void settle(PendingCommand command) {
    execute(
        () -> {
          command.aborting = false;
          if (command.state == PendingCommand.ENDED) {
            flow.release(command);
          }
        });
  }

  // Hastening.

  /** As {@link #cancelPieces}. */
  void hastenPieces(IoCallback of, Intent intent) {
    forPieces(of, command -> hasten(command, intent));
  }

  private void hasten(PendingCommand command, Intent intent) {
    int own = command.ownDwords && command.intentDw3 == 0 ? command.cdw3() : command.intentDw3;
    if (!command.data.toHost() || flow.pendingClass(own) >= intent.latencyClass()) {
      return;
    }
    command.intent(intent.cdw2(), intent.cdw3()); // Told when it is sent, or sent again.
    if (command.state != PendingCommand.SENT) {
      return;
    }
    // Without a place for it now there is a queue full of other commands to wait for.
    PendingCommand haste = hastens && !command.cancelled ? flow.claimDirect() : null;
    if (haste != null) {
      haste.start(IntentFeature.HASTEN, Sqe.nsid(command.sqe(), 0)).ownDwords();
      Sqe.setDword(haste.sqe(), 0, Sqe.CDW10, command.cid);
      IntentCodec.write(haste.sqe(), 0, intent.cdw2(), intent.cdw3());
      flow.publish(haste);
    }
  }
}
