package io.mora.initiator.io;

import io.mora.protocol.command.ReadWrite;

/**
 * What one I/O asks for beyond its blocks. Mutable, so that a caller can use one over and over:
 * read while a method of {@code RemoteNamespace} runs, never afterwards. Not for several threads.
 */
public final class IoOptions {
  /** Nothing beyond the blocks. Not to be changed. */
  public static final IoOptions PLAIN = new IoOptions();

  private boolean fua;
  private boolean limitedRetry;
  private long intendedStartNs;

  /** Durable before it completes: of a write, that it is in non-volatile storage. */
  public IoOptions fua(boolean newFua) {
    requireOwn();
    fua = newFua;
    return this;
  }

  /** The controller should not try long. */
  public IoOptions limitedRetry(boolean newLimitedRetry) {
    requireOwn();
    limitedRetry = newLimitedRetry;
    return this;
  }

  /** When it was meant to start, in {@link System#nanoTime}; 0 for when it is submitted. */
  public IoOptions intendedStartNs(long newIntendedStartNs) {
    requireOwn();
    intendedStartNs = newIntendedStartNs;
    return this;
  }

  public long intendedStartNs() {
    return intendedStartNs;
  }

  /** Flags of CDW12. */
  public int cdw12() {
    return (fua ? ReadWrite.FUA : 0) | (limitedRetry ? ReadWrite.LIMITED_RETRY : 0);
  }

  private void requireOwn() {
    if (this == PLAIN) {
      throw new IllegalStateException("IoOptions.PLAIN is shared: make one");
    }
  }
}
