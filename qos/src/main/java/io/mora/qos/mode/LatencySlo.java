package io.mora.qos.mode;

import io.mora.qos.IoClass;

/**
 * What a class is promised: of the commands that end in a window, so many may take longer than the
 * target.
 *
 * @param ioClass class 1 to 7
 * @param targetNs most a command may take
 * @param missesPer10k of 10,000 commands this many may take longer; 100 makes the target a 99th
 *     percentile
 * @param windowNs how long commands are counted before they are judged
 */
public record LatencySlo(int ioClass, long targetNs, int missesPer10k, long windowNs) {
  private static final int SHARE = 10_000;

  public LatencySlo {
    if (ioClass < IoClass.BACKGROUND || ioClass > IoClass.CRITICAL) {
      throw new IllegalArgumentException("ioClass " + ioClass + ": 1 to 7");
    }
    if (targetNs < 1 || windowNs < 1) {
      throw new IllegalArgumentException(
          "targetNs " + targetNs + ", windowNs " + windowNs + ": at least 1");
    }
    if (missesPer10k < 0 || missesPer10k > SHARE) {
      throw new IllegalArgumentException("missesPer10k " + missesPer10k + ": 0 to " + SHARE);
    }
  }

  /**
   * Whether so many misses among so many commands keep the promise; nothing asked, nothing broken.
   */
  public boolean keptBy(long commands, long misses) {
    return misses * SHARE <= commands * missesPer10k;
  }
}
