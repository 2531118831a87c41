package io.mora.initiator.io;

/** Told once that a command ended, without anything being allocated for it. */
@FunctionalInterface
public interface IoCallback {
  /**
   * Runs on the loop thread of the queue that carried the command: it must not block and must not
   * wait for another completion. It may submit. What it throws is logged and dropped.
   *
   * @param context the number given at submit
   * @param status a packed {@link io.mora.protocol.status.Status}; 0 is success. Where no
   *     controller answered it is {@code HOST_PATH_ERROR} or {@code ABORTED_BY_HOST}, and {@link
   *     IoResult#failure} says more
   * @param result the rest; valid until this method returns, because it is used again
   */
  void completed(long context, int status, IoResult result);
}
