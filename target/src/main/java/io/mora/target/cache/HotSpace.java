package io.mora.target.cache;

import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * One namespace's part of the hot tier: tells of every page whether it may have changed.
 *
 * <p>Assumes: every change passes {@link #begin} before it reaches the device and {@link #end}
 * before it is acknowledged, on any shard. Guarantees: each page that {@link #serve} gives was on
 * the device at a moment between its call and its return. Progress: wait-free.
 */
public final class HotSpace {
  /*
   * Each stripe of chunks has a word: how many changes began in it, and how many of those are under
   * way. A page is kept with the word's value from before its read went to the device, and only if
   * nothing was under way then and the value is the same when the read ends; it is served only
   * while the value still is. Changes to much at once use one word for the whole space instead.
   *
   * The counts only grow, so a sum of words is the same only if each word is: one long stands for
   * all the stripes of a read.
   */
  static final int CHUNK_SHIFT = 16;
  private static final int STRIPES = 4096;

  /** A change that touches more chunks than this counts for the whole space. */
  private static final int CHUNKS_MAX = 64;

  /** Low bits of a word: changes under way. More than any target can have at its devices. */
  private static final int ACTIVE_BITS = 20;

  private static final long ACTIVE_MASK = (1L << ACTIVE_BITS) - 1;
  private static final long BEGIN = (1L << ACTIVE_BITS) + 1;

  /** Of {@link #stamp}: something changes just now. */
  static final long CHANGING = -1;

  private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(HotTier.PAGE_BYTES);

  private final @Nullable HotFrames frames;
  private final long keyBase;
  private final AtomicLongArray stripes;
  private final AtomicLong whole = new AtomicLong();
  private final AtomicLong drops = new AtomicLong();

  private HotSpace(@Nullable HotFrames frames, long keyBase, int stripes) {
    this.frames = frames;
    this.keyBase = keyBase;
    this.stripes = new AtomicLongArray(stripes);
  }

  HotSpace(HotFrames frames, long keyBase) {
    this(frames, keyBase, STRIPES);
  }

  static HotSpace none() {
    return new HotSpace(null, 0, 0);
  }

  /** Whether anything of this namespace can be kept. */
  public boolean isPresent() {
    return frames != null;
  }

  /** A shard's way to the namespace's storage, through the tier. */
  public BackendQueue through(BackendQueue storage) {
    return frames == null ? storage : new HotQueue(this, storage);
  }

  /** Forgets everything, regions too: format, resize, detach. */
  public void drop() {
    whole.addAndGet(BEGIN - 1);
    drops.incrementAndGet();
  }

  /** How often everything was forgotten; any thread. */
  public long drops() {
    return drops.get();
  }

  // --- changes

  /** A change of these bytes is about to go to the device. */
  void begin(long offsetBytes, long lengthBytes) {
    count(offsetBytes, lengthBytes, BEGIN);
  }

  /** It is over, whatever came of it, and not acknowledged yet. */
  void end(long offsetBytes, long lengthBytes) {
    count(offsetBytes, lengthBytes, -1);
  }

  private void count(long offsetBytes, long lengthBytes, long by) {
    if (lengthBytes <= 0) {
      return;
    }
    long first = offsetBytes >>> CHUNK_SHIFT;
    long last = offsetBytes + lengthBytes - 1 >>> CHUNK_SHIFT;
    if (last - first >= CHUNKS_MAX) {
      whole.addAndGet(by);
      return;
    }
    for (long chunk = first; chunk <= last; chunk++) {
      stripes.addAndGet(stripe(chunk), by);
    }
  }

  private static int stripe(long chunk) {
    return (int) chunk & STRIPES - 1;
  }

  /** What stands for these bytes' state, or {@link #CHANGING}; a few chunks at most. */
  long stamp(long offsetBytes, long lengthBytes) {
    long sum = whole.get();
    long last = offsetBytes + lengthBytes - 1 >>> CHUNK_SHIFT;
    for (long chunk = offsetBytes >>> CHUNK_SHIFT; chunk <= last; chunk++) {
      sum += stripes.get(stripe(chunk));
    }
    return (sum & ACTIVE_MASK) == 0 ? sum : CHANGING;
  }

  /** Likewise of a page. */
  long stampOf(long page) {
    return stamp(page << PAGE_SHIFT, 1);
  }

  // --- reads

  private long key(long page) {
    return keyBase | page;
  }

  /**
   * Fills a read from memory, all of it or nothing that counts; never touches the device. Its
   * shard's thread.
   *
   * @param read filled in as for the device
   */
  public boolean serve(IoRequest read) {
    HotFrames from = frames;
    ByteBuf data = read.data;
    if (from == null || data == null || read.lengthBytes > HotTier.READ_BYTES_MAX) {
      return false;
    }
    long end = read.offsetBytes + read.lengthBytes;
    if (!isKept(from, read.offsetBytes, end)) {
      return false;
    }
    ByteBuffer into = data.internalNioBuffer(read.dataAt, (int) read.lengthBytes);
    int at = into.position();
    for (long offset = read.offsetBytes; offset < end; ) {
      long page = offset >>> PAGE_SHIFT;
      int skip = (int) offset & HotTier.PAGE_BYTES - 1;
      int length = (int) Math.min(HotTier.PAGE_BYTES - skip, end - offset);
      if (!from.copy(key(page), stampOf(page), skip, into, at, length)) {
        return false;
      }
      at += length;
      offset += length;
    }
    return true;
  }

  /** A look that costs little before anything is copied. */
  private boolean isKept(HotFrames from, long offset, long end) {
    long last = end - 1 >>> PAGE_SHIFT;
    for (long page = offset >>> PAGE_SHIFT; page <= last; page++) {
      if (!from.has(key(page))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Keeps the whole pages of a read that ended well.
   *
   * @param stamp of the read's bytes before it went to the device
   */
  void keep(IoRequest read, HotClaim claim, long stamp) {
    HotFrames into = frames;
    ByteBuf data = read.data;
    if (into == null || data == null) {
      return;
    }
    ByteBuffer bytes = data.internalNioBuffer(read.dataAt, (int) read.lengthBytes);
    int base = bytes.position();
    long first = read.offsetBytes + HotTier.PAGE_BYTES - 1 >>> PAGE_SHIFT;
    long pastLast = read.offsetBytes + read.lengthBytes >>> PAGE_SHIFT;
    for (long page = first; page < pastLast; page++) {
      // In this order: if nothing has begun by now, the page's own word is as old as the stamp.
      long pageStamp = stampOf(page);
      if (stamp(read.offsetBytes, read.lengthBytes) != stamp) {
        return;
      }
      int at = base + (int) ((page << PAGE_SHIFT) - read.offsetBytes);
      into.install(key(page), pageStamp, claim, bytes, at);
    }
  }
}
