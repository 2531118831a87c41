package io.mora.initiator.locality;

import io.mora.qos.locality.CurrentCpu;

/** The CPU of the calling thread, whichever thread that is. */
public final class ThreadCpu {
  private static final ThreadLocal<CurrentCpu> READERS =
      ThreadLocal.withInitial(CurrentCpu::ofThisThread);

  private ThreadCpu() {}

  /** Its number, or -1 when it cannot be told. */
  public static int current() {
    return READERS.get().read();
  }
}
