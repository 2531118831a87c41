package io.mora.target.cache;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Memory in front of all storage for what hosts say is hot: reads of hot metadata and of registered
 * regions are kept, and served from here as long as nothing wrote to their blocks. Off unless
 * configured. Any thread; the data path is in {@link HotSpace} and {@link HotQueue}.
 */
public final class HotTier {
  /** Unit in which data is kept. */
  public static final int PAGE_BYTES = 4096;

  /** Longest read that is looked up or kept; longer ones go to the device. */
  public static final int READ_BYTES_MAX = 128 << 10;

  /** Hosts with a share of their own; any more have one together. */
  static final int HOSTS_MAX = 1024;

  /** Of a host's share, and of all, what may be pinned. */
  private static final int PINNED_PERCENT = 50;

  private final @Nullable HotFrames frames;
  private final int hostPages;
  private final HotShare.Pins pins;
  private final ConcurrentHashMap<String, HotShare> shares = new ConcurrentHashMap<>();
  private final HotShare others;

  private HotTier(@Nullable HotFrames frames, int hostPages) {
    this.frames = frames;
    this.hostPages = hostPages;
    this.pins = new HotShare.Pins(pinned(frames == null ? 0 : frames.size()));
    this.others = newShare();
  }

  /** Keeps nothing. */
  public static HotTier off() {
    return new HotTier(null, 0);
  }

  /**
   * A tier of so many bytes; off when 0.
   *
   * @param hostPercent what one host may have of it
   */
  public static HotTier of(long sizeBytes, int hostPercent) {
    if (sizeBytes == 0) {
      return off();
    }
    HotFrames frames = new HotFrames(sizeBytes);
    return new HotTier(frames, Math.max(1, (int) ((long) frames.size() * hostPercent / 100)));
  }

  /** Whether it keeps anything at all. */
  public boolean isPresent() {
    return frames != null;
  }

  /** The part of a new namespace. */
  public HotSpace space() {
    return frames == null ? HotSpace.none() : frames.newSpace();
  }

  /** A host's share, the same for all its controllers. */
  public HotShare share(String hostNqn) {
    HotShare known = shares.get(hostNqn);
    if (known != null) {
      return known;
    }
    return shares.size() >= HOSTS_MAX ? others : shares.computeIfAbsent(hostNqn, n -> newShare());
  }

  private static long pinned(int pages) {
    return (long) pages * PAGE_BYTES * PINNED_PERCENT / 100;
  }

  private HotShare newShare() {
    return new HotShare(hostPages, pinned(hostPages), pins);
  }
}
