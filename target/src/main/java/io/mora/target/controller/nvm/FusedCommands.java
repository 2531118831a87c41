package io.mora.target.controller.nvm;

import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.subsystem.Namespace;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Compare and Write as one operation (FUSES bit 0) of a queue pair. Its shard's thread only.
 *
 * <p>The halves are known by their order in the queue, get their data each as they would alone, and
 * wait for each other; blocks are claimed when all data is here. Pairs of a queue pair run one
 * after the other.
 */
final class FusedCommands {
  /**
   * Blocks of a pair: ACWU and NACWU. More is refused with Atomic Write Unit Exceeded: a reader
   * must not see half of it either, and one block is what storage keeps whole.
   */
  static final int BLOCKS_MAX = 1;

  private final Controller controller;
  private final IoCommands commands;
  private final ReservationCommands reservations;

  /** The last command was a first half: the next is to be its second. */
  private boolean expecting;

  /** That half; null when it has ended already, and whether with DNR. */
  private @Nullable CommandSlot first;

  private int firstDnr;

  private @Nullable FusedPair running;
  private final ArrayDeque<FusedPair> waiting = new ArrayDeque<>();

  FusedCommands(Controller controller, IoCommands commands, ReservationCommands reservations) {
    this.controller = controller;
    this.commands = commands;
    this.reservations = reservations;
  }

  // --- who belongs to whom

  /** Every command of the queue, in its order, before anything else is made of it. */
  void arrived(CommandSlot slot) {
    int fuse = Sqe.fuse(slot.sqe, 0);
    if (fuse == 0 && !expecting) {
      return;
    }
    boolean second = expecting && fuse == Sqe.FUSE_SECOND;
    CommandSlot before = first;
    expecting = false;
    first = null;
    if (second) {
      second(slot, before);
      return;
    }
    if (before != null) {
      slot.queuePair.aborts().fail(before, Status.FUSED_MISSING | Status.DNR);
    }
    switch (fuse) {
      case 0 -> {}
      case Sqe.FUSE_FIRST -> first(slot);
      case Sqe.FUSE_SECOND -> slot.spoil(Status.FUSED_MISSING | Status.DNR, Sqe.FLAGS);
      default -> slot.spoil(Status.INVALID_FIELD | Status.DNR, Sqe.FLAGS);
    }
  }

  private void first(CommandSlot slot) {
    expecting = true;
    if (is(slot, NvmOpcode.COMPARE, IntentFeature.LI_COMPARE)) {
      slot.fuse = Sqe.FUSE_FIRST;
      first = slot;
    } else {
      firstDnr = Status.DNR;
      slot.spoil(Status.INVALID_FIELD | Status.DNR, Sqe.FLAGS);
    }
  }

  private void second(CommandSlot slot, @Nullable CommandSlot before) {
    if (before == null) {
      slot.spoil(Status.FUSED_FAILED | firstDnr, Sqe.FLAGS);
    } else if (!is(slot, NvmOpcode.WRITE, IntentFeature.LI_WRITE)) {
      slot.spoil(Status.INVALID_FIELD | Status.DNR, Sqe.FLAGS);
      slot.queuePair.aborts().fail(before, Status.FUSED_FAILED | Status.DNR);
    } else if (differ(before, slot)) {
      slot.spoil(Status.INVALID_FIELD | Status.DNR, ReadWrite.SLBA);
      slot.queuePair.aborts().fail(before, Status.INVALID_FIELD | Status.DNR);
    } else {
      slot.fuse = Sqe.FUSE_SECOND;
      slot.partner = before;
      before.partner = slot;
    }
  }

  private static boolean is(CommandSlot slot, int opcode, int withIntent) {
    return slot.opcode() == opcode || slot.opcode() == withIntent;
  }

  private static boolean differ(CommandSlot a, CommandSlot b) {
    return a.nsid() != b.nsid()
        || ReadWrite.slba(a.sqe, 0) != ReadWrite.slba(b.sqe, 0)
        || ReadWrite.nlb0(a.sqe, 0) != ReadWrite.nlb0(b.sqe, 0);
  }

  /** At init, of a half: whether it is one atomic unit. */
  static boolean fits(CommandSlot slot) {
    return slot.fuse == 0 || ReadWrite.nlb0(slot.sqe, 0) < BLOCKS_MAX;
  }

  // --- what they do

  /** A half has its data. */
  void dataIn(CommandSlot slot) {
    slot.queuePair.aborts().park(slot);
    CommandSlot other = slot.partner;
    if (other == null || !other.isFused()) {
      return;
    }
    CommandSlot compare = slot.fuse == Sqe.FUSE_FIRST ? slot : other;
    Namespace namespace = compare.namespace;
    if (namespace == null) {
      throw new IllegalStateException("no namespace: " + compare);
    }
    FusedPair pair = new FusedPair(this, controller, namespace, compare);
    if (running == null) {
      run(pair);
    } else {
      waiting.add(pair);
    }
  }

  private void run(FusedPair pair) {
    running = pair;
    pair.claim();
  }

  /** The pair has its blocks to itself. */
  void begin(FusedPair pair) {
    int refusal = pair.namespace().refusal();
    if (refusal != Status.SUCCESS) {
      refuse(pair.compare(), refusal, Sqe.NSID);
    } else if (!reservations.admits(NvmOpcode.COMPARE, pair.namespace())) {
      refuse(pair.compare(), Status.RESERVATION_CONFLICT | Status.DNR, -1);
    } else if (!reservations.admits(NvmOpcode.WRITE, pair.namespace())) {
      refuse(pair.write(), Status.RESERVATION_CONFLICT | Status.DNR, -1);
    } else {
      commands.compare(pair.compare());
    }
  }

  /** Removed, formatted or reserved while they waited. */
  private static void refuse(CommandSlot slot, int status, int location) {
    slot.fail(status, location);
    slot.queuePair.finish(slot);
  }

  /** The first half found what it was to find. */
  void equal(CommandSlot compare) {
    CommandSlot write = compare.partner;
    if (write == null) {
      throw new IllegalStateException("no second half: " + compare);
    }
    compare.queuePair.aborts().park(compare);
    commands.write(write);
  }

  /** The second half has succeeded, and so both have: the first is told first. */
  void succeeded(CommandSlot write) {
    CommandSlot compare = write.partner;
    if (compare != null) {
      write.partner = null;
      compare.partner = null;
      commands.finish(compare, null);
    }
  }

  // --- how they end

  /** A half has ended, or gone with its connection: it takes the other with it. */
  void ended(CommandSlot slot) {
    slot.fuse = 0;
    CommandSlot other = slot.partner;
    slot.partner = null;
    if (slot == first) {
      first = null;
      firstDnr = slot.status & Status.DNR;
    }
    if (other != null && other.fuse != 0) {
      slot.queuePair.aborts().fail(other, Status.FUSED_FAILED | slot.status & Status.DNR);
    }
    FusedPair pair = running;
    if (pair == null || !pair.has(slot)) {
      waiting.removeIf(each -> each.has(slot));
    } else if (pair.halfEnded()) {
      running = null;
      FusedPair next = waiting.poll();
      if (next != null) {
        run(next);
      }
    }
  }
}
