package io.mora.initiator.region;

import io.mora.initiator.intent.Intent;
import io.mora.protocol.intent.Registration;

/**
 * How a region will be used.
 *
 * @param intent class, budget and flow its I/O will mostly have
 * @param flags {@link Registration#PIN}, {@link Registration#PREFAULT}, {@link
 *     Registration#READ_ONLY}
 * @param usesPerSecond expected; 0 if not known
 */
public record RegionUse(Intent intent, int flags, long usesPerSecond) {
  public RegionUse {
    if ((flags & ~Registration.FLAGS) != 0) {
      throw new IllegalArgumentException(
          "flags " + flags + ": PIN, PREFAULT, READ_ONLY of Registration");
    }
    if (usesPerSecond < 0 || usesPerSecond > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("usesPerSecond " + usesPerSecond + ": 0 to 2^32 - 1");
    }
  }

  /** Nothing but the intent. */
  public static RegionUse of(Intent intent) {
    return new RegionUse(intent, 0, 0);
  }

  /** To be kept in the target's memory. */
  public RegionUse pinned() {
    return new RegionUse(intent, flags | Registration.PIN, usesPerSecond);
  }

  /** To be read in at once. */
  public RegionUse prefaulted() {
    return new RegionUse(intent, flags | Registration.PREFAULT, usesPerSecond);
  }

  /** This host will not write it. */
  public RegionUse readOnly() {
    return new RegionUse(intent, flags | Registration.READ_ONLY, usesPerSecond);
  }

  public RegionUse usesPerSecond(long uses) {
    return new RegionUse(intent, flags, uses);
  }
}
