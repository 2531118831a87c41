package io.mora.target.metrics;

import org.jspecify.annotations.Nullable;

/** Where a shard records the beats of its commands. The shard's thread only. */
public interface StageRecorder {
  /**
   * A command's reply has left.
   *
   * @param queueNs received to issued; 0 if it never went to a device
   * @param deviceNs issued to device done
   * @param totalNs received to handed to the socket
   */
  void record(int opcode, long queueNs, long deviceNs, long totalNs);

  /** Data has come with a wrong digest. */
  default void wrongDigest() {}

  /** Where slow commands are kept; null for nowhere. */
  default @Nullable SlowIos slow() {
    return null;
  }
}
