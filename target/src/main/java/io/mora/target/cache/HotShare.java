package io.mora.target.cache;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one host may keep in the hot tier: pages in all, and of them bytes that are pinned. At its
 * limit a host replaces its own pages only. Any thread.
 */
public final class HotShare {
  private final int pagesMax;
  private final long pinnedBytesMax;
  private final Pins all;
  private final AtomicInteger pages = new AtomicInteger();
  private final AtomicLong pinnedBytes = new AtomicLong();
  private final HotClaim metadata = new HotClaim(this, HotClaim.METADATA);

  /**
   * @param all what all hosts have pinned together
   */
  HotShare(int pagesMax, long pinnedBytesMax, Pins all) {
    this.pagesMax = pagesMax;
    this.pinnedBytesMax = pinnedBytesMax;
    this.all = all;
  }

  /** For reads of hot metadata. */
  public HotClaim metadata() {
    return metadata;
  }

  /** Pages kept on this host's account. */
  public int pages() {
    return pages.get();
  }

  public int pagesMax() {
    return pagesMax;
  }

  /** Bytes of regions that are to be pinned. */
  public long pinnedBytes() {
    return pinnedBytes.get();
  }

  boolean isFull() {
    return pages.get() >= pagesMax;
  }

  /** Takes a page's place; false at the limit. */
  boolean takePage() {
    int before = pages.get();
    while (before < pagesMax) {
      if (pages.compareAndSet(before, before + 1)) {
        return true;
      }
      before = pages.get();
    }
    return false;
  }

  void givePage() {
    pages.decrementAndGet();
  }

  boolean takePinned(long bytes) {
    if (!take(pinnedBytes, bytes, pinnedBytesMax)) {
      return false;
    }
    if (!take(all.bytes, bytes, all.bytesMax)) {
      pinnedBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  private static boolean take(AtomicLong from, long bytes, long max) {
    long before = from.get();
    while (bytes <= max - before) {
      if (from.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = from.get();
    }
    return false;
  }

  void givePinned(long bytes) {
    pinnedBytes.addAndGet(-bytes);
    all.bytes.addAndGet(-bytes);
  }

  /** Pinned bytes of all hosts, so that some memory is left to the others. */
  static final class Pins {
    private final AtomicLong bytes = new AtomicLong();
    private final long bytesMax;

    Pins(long bytesMax) {
      this.bytesMax = bytesMax;
    }
  }
}
