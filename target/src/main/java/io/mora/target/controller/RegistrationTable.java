package io.mora.target.controller;

import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Registration;
import io.mora.target.cache.HotClaim;
import io.mora.target.cache.HotRegion;
import io.mora.target.cache.HotRegions;
import io.mora.target.metrics.ClassCounts;
import io.mora.target.metrics.ClassSums;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Regions a host registered on a controller by feature E5h. The home shard writes; shards look up
 * in an array that is replaced whole.
 */
public final class RegistrationTable {
  /** Slots there are; slot 0 is no registration. */
  public static final int SLOTS = 255;

  /** Shared by all controllers whose host registered nothing: it is replaced, never changed. */
  private static final @Nullable Region[] NONE = new Region[SLOTS + 1];

  private volatile @Nullable Region[] regions = NONE;
  private final HotRegions hot = new HotRegions();

  /** By NSID, of namespaces there are, and class. */
  private final Map<Integer, long[]> churn = new HashMap<>();

  private int generation;

  /**
   * A registered region.
   *
   * @param data as the host sent it
   */
  public record Region(int nsid, long slba, long blocks, Registration data) {
    boolean covers(int otherNsid, long otherSlba, long count) {
      return nsid == otherNsid
          && otherSlba >= slba
          && otherSlba - slba <= blocks
          && count <= blocks - (otherSlba - slba);
    }
  }

  /** True if a slot holds a region with all the blocks; any thread. */
  public boolean covers(int slot, int nsid, long slba, long blocks) {
    Region region = regions[slot & SLOTS];
    return region != null && region.covers(nsid, slba, blocks);
  }

  /**
   * Keeps a slot's region in the hot tier from now on.
   *
   * @return false if its host may not pin that much more
   */
  public boolean heat(int slot, HotRegion region) {
    return hot.put(slot, region);
  }

  /** On whose account reads of a slot's region are kept, or null; any thread. */
  public @Nullable HotClaim claim(int slot) {
    HotRegion region = hot.at(slot);
    return region == null ? null : region.claim();
  }

  /** The region of a slot, or null. */
  public @Nullable Region get(int slot) {
    return regions[slot & SLOTS];
  }

  /** Fills an empty slot; returns the new generation. */
  public int put(int slot, Region region) {
    return set(slot, region);
  }

  /** Empties a slot; returns the new generation. */
  public int remove(int slot) {
    hot.remove(slot);
    return set(slot, null);
  }

  /** Empties the slots after the last that is granted; true if one of them held a region. */
  boolean removeAbove(int lastSlot) {
    boolean any = false;
    for (int slot = lastSlot + 1; slot <= SLOTS; slot++) {
      if (regions[slot] != null) {
        remove(slot);
        any = true;
      }
    }
    return any;
  }

  private int set(int slot, @Nullable Region region) {
    Region before = regions[slot];
    @Nullable Region[] changed = regions.clone();
    changed[slot] = region;
    regions = changed;
    count(before);
    count(region);
    generation = generation + 1 & 0xFFFF;
    return generation;
  }

  private void count(@Nullable Region region) {
    if (region != null) {
      int latencyClass = (int) region.data().value(Registration.Field.CLASS) & 7;
      churn.computeIfAbsent(region.nsid(), nsid -> new long[LatencyClass.COUNT])[latencyClass]++;
    }
  }

  /**
   * Adds registrations made and removed since the association began to a reader's sums.
   *
   * @param nsid 0 for all namespaces
   */
  void addTo(ClassSums sums, int nsid) {
    churn.forEach(
        (of, counts) -> {
          for (int i = 0; i < counts.length && (nsid == 0 || nsid == of); i++) {
            sums.add(i, ClassCounts.REGISTRATION_CHANGES, counts[i]);
          }
        });
  }

  public int generation() {
    return generation;
  }

  /** Forgets all; true if there was any. */
  public boolean clear() {
    boolean any = false;
    for (Region region : regions) {
      any |= region != null;
    }
    if (any) {
      regions = NONE;
      hot.clear();
      generation = generation + 1 & 0xFFFF;
    }
    return any;
  }
}
