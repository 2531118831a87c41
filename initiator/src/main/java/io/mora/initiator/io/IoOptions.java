package io.mora.initiator.io;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.protocol.command.ReadWrite;
import org.jspecify.annotations.Nullable;

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
  private @Nullable Intent intent;
  private @Nullable RegisteredRegion region;
  private @Nullable IoHandle handle;

  /** Makes these what others are, handle included. */
  public IoOptions set(IoOptions from) {
    requireOwn();
    fua = from.fua;
    limitedRetry = from.limitedRetry;
    intendedStartNs = from.intendedStartNs;
    intent = from.intent;
    region = from.region;
    handle = from.handle;
    return this;
  }

  /** Options with an intent and nothing else. */
  public static IoOptions of(Intent intent) {
    return new IoOptions().intent(intent);
  }

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

  /** What it is for; null for the namespace view's intent, or else the queue's. */
  public IoOptions intent(@Nullable Intent newIntent) {
    requireOwn();
    intent = newIntent;
    return this;
  }

  /** The registered region its blocks lie in, or null. */
  public IoOptions region(@Nullable RegisteredRegion newRegion) {
    requireOwn();
    region = newRegion;
    return this;
  }

  /** Binds the next I/O to a handle that can cancel it, or null. */
  public IoOptions handle(@Nullable IoHandle newHandle) {
    requireOwn();
    handle = newHandle;
    return this;
  }

  public long intendedStartNs() {
    return intendedStartNs;
  }

  public @Nullable Intent intent() {
    return intent;
  }

  public @Nullable RegisteredRegion region() {
    return region;
  }

  public @Nullable IoHandle handle() {
    return handle;
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
