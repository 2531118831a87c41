package io.mora.target.cache;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The registration table of one controller (feature E5h). Changed by one thread, read by all.
 *
 * <p>Assumes: {@link #put}, {@link #remove} and {@link #clear} on the controller's home shard.
 * Guarantees: {@link #at} gives a region that was live when asked. Progress: wait-free.
 */
public final class HotRegions {
  /** Slots 1 to this; 0 names none. */
  public static final int SLOTS = 255;

  /** Made with the first region: most hosts register none. */
  private volatile @Nullable AtomicReferenceArray<@Nullable HotRegion> regions;

  /**
   * Puts a region in place of the slot's.
   *
   * @return false if its host may not pin that much more; the slot is then empty
   */
  public boolean put(int slot, HotRegion region) {
    remove(slot);
    if (!region.reserve()) {
      return false;
    }
    AtomicReferenceArray<@Nullable HotRegion> table = regions;
    if (table == null) {
      table = new AtomicReferenceArray<>(SLOTS + 1);
      regions = table;
    }
    table.set(slot, region);
    return true;
  }

  /** Empties a slot; false if it was. */
  public boolean remove(int slot) {
    AtomicReferenceArray<@Nullable HotRegion> table = regions;
    HotRegion old = table == null ? null : table.getAndSet(slot, null);
    if (old != null) {
      old.end();
    }
    return old != null;
  }

  /** Empties all slots: controller reset, end of the association. */
  public void clear() {
    for (int slot = 0; regions != null && slot <= SLOTS; slot++) {
      remove(slot);
    }
  }

  /** The live region of a slot, or null: none, or stale. Any thread. */
  public @Nullable HotRegion at(int slot) {
    AtomicReferenceArray<@Nullable HotRegion> table = regions;
    HotRegion region = table != null && slot > 0 && slot <= SLOTS ? table.get(slot) : null;
    return region != null && region.isLive() ? region : null;
  }
}
