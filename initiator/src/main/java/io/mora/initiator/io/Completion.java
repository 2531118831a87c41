package io.mora.initiator.io;

/**
 * How a command ended, as a value to keep.
 *
 * @param status a packed {@link io.mora.protocol.status.Status}; a stage that completes normally
 *     holds a success
 * @param result DW0 in the low half, DW1 in the high
 * @param retries times it was sent beyond the first
 * @param timing when it did what
 */
public record Completion(int status, long result, int retries, Timing timing) {
  /**
   * When a command did what, in {@link System#nanoTime} of this process.
   *
   * @param intendedStartNs when the caller meant it to start
   * @param submittedNs when it was handed to its queue
   * @param sentNs when its capsule was last handed to the socket; 0 if it never was
   * @param completedNs when the bytes that ended it were read
   */
  public record Timing(long intendedStartNs, long submittedNs, long sentNs, long completedNs) {
    /** What the caller waited, from the intended start. */
    public long totalNs() {
      return completedNs - intendedStartNs;
    }

    /** Waiting in this host for a place in the queue. */
    public long queuedNs() {
      return sentNs == 0 ? completedNs - submittedNs : sentNs - submittedNs;
    }
  }

  public static Completion of(IoResult io) {
    return new Completion(
        io.status(),
        io.result(),
        io.retries(),
        new Timing(io.intendedStartNs(), io.submittedNs(), io.sentNs(), io.completedNs()));
  }

  public int dw0() {
    return (int) result;
  }

  public int dw1() {
    return (int) (result >>> 32);
  }
}
