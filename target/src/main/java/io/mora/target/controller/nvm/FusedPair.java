package io.mora.target.controller.nvm;

import io.mora.protocol.command.ReadWrite;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.range.RangeClaim;
import io.mora.target.subsystem.Namespace;

/**
 * A Compare and a Write that are one operation, from when the data of both is here: their claim on
 * the blocks, until both have ended. Its queue pair's shard, unless a method says otherwise.
 */
final class FusedPair extends RangeClaim {
  private final FusedCommands owner;
  private final Controller controller;
  private final Namespace namespace;
  private final CommandSlot compare;
  private final CommandSlot write;

  /** Halves that have not ended. */
  private int left = 2;

  /** Both have ended; read by every shard. */
  private volatile boolean over;

  FusedPair(FusedCommands owner, Controller controller, Namespace namespace, CommandSlot compare) {
    super(ReadWrite.slba(compare.sqe, 0) << namespace.blockShift(), compare.dataLength, true);
    this.owner = owner;
    this.controller = controller;
    this.namespace = namespace;
    this.compare = compare;
    CommandSlot second = compare.partner;
    if (second == null) {
      throw new IllegalStateException("no second half: " + compare);
    }
    this.write = second;
  }

  CommandSlot compare() {
    return compare;
  }

  CommandSlot write() {
    return write;
  }

  Namespace namespace() {
    return namespace;
  }

  boolean has(CommandSlot slot) {
    return slot == compare || slot == write;
  }

  /** Gets in line for the blocks. */
  void claim() {
    namespace.ranges().add(this);
  }

  /** Nobody else has the blocks; those who began to change them before have to be done with it. */
  @Override
  protected void granted() {
    new QueueWalk(
            queuePair -> {},
            queuePair ->
                !over && queuePair.aborts().isChanging(namespace, offsetBytes(), lengthBytes()),
            () -> compare.queuePair.turn().shard().execute(this::begin))
        .run(controller, each -> true);
  }

  private void begin() {
    if (left == 2) {
      owner.begin(this);
    }
  }

  /** True when both have, and the blocks are anybody's again. */
  boolean halfEnded() {
    left--;
    if (left > 0) {
      return false;
    }
    over = true;
    namespace.ranges().remove(this);
    return true;
  }
}
