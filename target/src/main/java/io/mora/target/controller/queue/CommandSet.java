package io.mora.target.controller.queue;

/**
 * The three beats of a command, for one kind of queue. All calls on the queue pair's shard.
 *
 * <p>{@link #init} checks and says what the command needs; {@link #execute} runs it when that is
 * there; {@link #stepDone} continues after the device. A command ends by {@link QueuePair#finish},
 * exactly once.
 */
public interface CommandSet {
  /** {@link CommandSlot#status} tells why: reply at once. */
  int REFUSED = 0;

  /** Run it now. */
  int READY = 1;

  /** Run it once {@link CommandSlot#dataLength} bytes came from the host. */
  int DATA_FROM_HOST = 2;

  /** Run it once it has a buffer of {@link CommandSlot#dataLength} bytes. */
  int DATA_TO_HOST = 3;

  /** Checks the command in the slot's SQE; returns one of the constants. */
  int init(CommandSlot slot);

  void execute(CommandSlot slot);

  /** A capsule is complete, whatever becomes of it; in the order of the submission queue. */
  default void arrived(CommandSlot slot) {}

  /** A command with {@link CommandSlot#fuse} has ended, or is gone with its connection. */
  default void halfEnded(CommandSlot slot) {}

  /** The reply has been handed to the socket, or never will be. */
  default void sent(CommandSlot slot, long nowNs) {}

  /** A request handed to {@link QueuePair#submit} came back with a packed status. */
  void stepDone(CommandSlot slot, int status);
}
