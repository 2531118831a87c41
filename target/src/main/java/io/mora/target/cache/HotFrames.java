package io.mora.target.cache;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The hot tier's memory: frames of a page each, in sets of {@value #WAYS}; one for all shards.
 *
 * <p>Assumes: stamps of a key never come back once they changed. Guarantees: {@link #copy} gives
 * the bytes {@link #install} was given with that key and stamp, or says no. Progress: nobody waits;
 * two that want one frame at once: one of them goes without.
 */
final class HotFrames {
  /*
   * A frame's version is odd while it is written, and read again after every copy: a copy that was
   * overtaken is thrown away. So no reader holds a frame, and a writer needs nobody's leave.
   */
  static final int WAYS = 8;

  private static final int SLAB_SHIFT = 30;
  private static final int SPACE_SHIFT = 48;
  private static final int SPACES_MAX = 1 << 15;
  private static final long EMPTY = -1;

  /** Frames looked at when a host at its limit finds none of its own where it needs one. */
  private static final int SWEEP = 64;

  private final ByteBuffer[] slabs;
  private final int sets;
  private final AtomicLongArray versions;
  private final AtomicLongArray keys;
  private final AtomicLongArray stamps;
  private final AtomicIntegerArray used;
  private final AtomicReferenceArray<@Nullable HotClaim> claims;
  private final AtomicInteger clock = new AtomicInteger();
  private final AtomicInteger sweepAt = new AtomicInteger();
  private volatile HotSpace[] spaces = {};

  /** Memory for so many bytes, rounded down to whole sets; one set at least. */
  HotFrames(long sizeBytes) {
    long wanted = Math.max(1, sizeBytes / ((long) HotTier.PAGE_BYTES * WAYS));
    sets = (int) Math.min(wanted, Integer.MAX_VALUE / WAYS);
    int frames = sets * WAYS;
    long bytes = (long) frames * HotTier.PAGE_BYTES;
    slabs = new ByteBuffer[(int) (bytes - 1 >>> SLAB_SHIFT) + 1];
    for (int i = 0; i < slabs.length; i++) {
      slabs[i] = ByteBuffer.allocateDirect((int) Math.min(1L << SLAB_SHIFT, bytes));
      bytes -= 1L << SLAB_SHIFT;
    }
    versions = new AtomicLongArray(frames);
    keys = new AtomicLongArray(frames);
    stamps = new AtomicLongArray(frames);
    used = new AtomicIntegerArray(frames);
    claims = new AtomicReferenceArray<>(frames);
    for (int i = 0; i < frames; i++) {
      keys.setPlain(i, EMPTY);
    }
  }

  int size() {
    return sets * WAYS;
  }

  /** Control threads only. */
  synchronized HotSpace newSpace() {
    HotSpace[] before = spaces;
    if (before.length == SPACES_MAX) {
      return HotSpace.none();
    }
    HotSpace space = new HotSpace(this, (long) before.length << SPACE_SHIFT);
    HotSpace[] after = Arrays.copyOf(before, before.length + 1);
    after[before.length] = space;
    spaces = after;
    return space;
  }

  private int setOf(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) Math.multiplyHigh(mixed >>> 1, 2L * sets) * WAYS;
  }

  private int find(long key) {
    int base = setOf(key);
    for (int frame = base; frame < base + WAYS; frame++) {
      if (keys.getOpaque(frame) == key) {
        return frame;
      }
    }
    return -1;
  }

  /** Perhaps: some version of the page is here. */
  boolean has(long key) {
    return find(key) >= 0;
  }

  /**
   * Copies part of a page.
   *
   * @param skip bytes of the page to leave out in front
   * @return false if this version of it is not here; what was written to {@code into} is then void
   */
  boolean copy(long key, long stamp, int skip, ByteBuffer into, int at, int lengthBytes) {
    int frame = find(key);
    if (frame < 0) {
      return false;
    }
    long version = versions.getAcquire(frame);
    boolean isIt =
        (version & 1) == 0 && keys.getOpaque(frame) == key && stamps.getOpaque(frame) == stamp;
    if (!isIt) {
      return false;
    }
    into.put(at, slab(frame), slabAt(frame) + skip, lengthBytes);
    VarHandle.loadLoadFence();
    if (versions.getOpaque(frame) != version) {
      return false;
    }
    used.setOpaque(frame, clock.getPlain());
    return true;
  }

  private ByteBuffer slab(int frame) {
    return slabs[(int) ((long) frame * HotTier.PAGE_BYTES >>> SLAB_SHIFT)];
  }

  private static int slabAt(int frame) {
    return (int) ((long) frame * HotTier.PAGE_BYTES & (1L << SLAB_SHIFT) - 1);
  }

  /**
   * Keeps a page if its claim gets a place.
   *
   * @param from the page's bytes, from {@code at} on
   */
  void install(long key, long stamp, HotClaim claim, ByteBuffer from, int at) {
    int frame = find(key);
    if (frame >= 0 && isAsGood(frame, stamp, claim)) {
      return;
    }
    if (frame < 0) {
      frame = victim(setOf(key), claim);
    }
    if (frame < 0) {
      sweep(claim);
      return;
    }
    long version = versions.get(frame);
    HotClaim old = claims.get(frame);
    if ((version & 1) != 0 || !mayReplace(frame, old, claim, key)) {
      return;
    }
    boolean samePurse = old != null && old.share() == claim.share();
    if (!samePurse && !claim.share().takePage()) {
      sweep(claim);
      return;
    }
    if (!versions.compareAndSet(frame, version, version + 1)) {
      if (!samePurse) {
        claim.share().givePage();
      }
      return;
    }
    VarHandle.fullFence();
    if (old != null && !samePurse) {
      old.share().givePage();
    }
    claims.set(frame, claim);
    keys.setOpaque(frame, key);
    stamps.setOpaque(frame, stamp);
    used.setOpaque(frame, clock.incrementAndGet());
    slab(frame).put(slabAt(frame), from, at, HotTier.PAGE_BYTES);
    versions.setRelease(frame, version + 2);
  }

  private boolean isAsGood(int frame, long stamp, HotClaim claim) {
    HotClaim old = claims.get(frame);
    return stamps.getOpaque(frame) == stamp && old != null && old.level() >= claim.level();
  }

  /** The frame of a set that is missed least, or -1. */
  private int victim(int base, HotClaim claim) {
    boolean full = claim.share().isFull();
    int best = -1;
    int bestLevel = Integer.MAX_VALUE;
    int bestUsed = 0;
    for (int frame = base; frame < base + WAYS; frame++) {
      HotClaim old = claims.get(frame);
      int level = levelOf(frame, old);
      boolean mine = old != null && old.share() == claim.share();
      if (level > claim.level() || level == HotClaim.PINNED || full && !mine) {
        continue;
      }
      int when = used.getOpaque(frame);
      if (level < bestLevel || level == bestLevel && when - bestUsed < 0) {
        best = frame;
        bestLevel = level;
        bestUsed = when;
      }
    }
    return best;
  }

  /** Nobody misses a page that is stale. */
  private int levelOf(int frame, @Nullable HotClaim claim) {
    if (claim == null) {
      return -1;
    }
    long key = keys.getOpaque(frame);
    if (key == EMPTY) {
      return -1;
    }
    HotSpace space = spaces[(int) (key >>> SPACE_SHIFT)];
    boolean stale = stamps.getOpaque(frame) != space.stampOf(key & (1L << SPACE_SHIFT) - 1);
    return stale ? HotClaim.NOTHING : claim.level();
  }

  /** Looked at again, with the version in hand that decides whether it was so. */
  private boolean mayReplace(int frame, @Nullable HotClaim old, HotClaim claim, long key) {
    int level = levelOf(frame, old);
    return keys.getOpaque(frame) == key || level <= claim.level() && level != HotClaim.PINNED;
  }

  /**
   * Makes room for a host that is at its limit and has no page where it needs one: of its pages
   * among the next frames, frees those that are worth nothing, or else the oldest that this claim
   * may replace.
   */
  private void sweep(HotClaim claim) {
    HotShare share = claim.share();
    if (!share.isFull()) {
      return;
    }
    int at = sweepAt.getAndAdd(SWEEP);
    int oldest = -1;
    boolean freed = false;
    for (int i = 0; i < Math.min(SWEEP, size()); i++) {
      int frame = Math.floorMod(at + i, size());
      HotClaim old = claims.get(frame);
      if (old == null || old.share() != share) {
        continue;
      }
      int level = levelOf(frame, old);
      if (level <= HotClaim.NOTHING) {
        freed |= free(frame, share);
      } else if (level <= claim.level() && level != HotClaim.PINNED && isOlder(frame, oldest)) {
        oldest = frame;
      }
    }
    if (!freed && oldest >= 0) {
      free(oldest, share);
    }
  }

  private boolean isOlder(int frame, int than) {
    return than < 0 || used.getOpaque(frame) - used.getOpaque(than) < 0;
  }

  private boolean free(int frame, HotShare share) {
    long version = versions.get(frame);
    HotClaim claim = claims.get(frame);
    boolean its = claim != null && claim.share() == share && (version & 1) == 0;
    if (!its || !versions.compareAndSet(frame, version, version + 1)) {
      return false;
    }
    VarHandle.fullFence();
    claims.set(frame, null);
    keys.setOpaque(frame, EMPTY);
    share.givePage();
    versions.setRelease(frame, version + 2);
    return true;
  }
}
