package io.mora.qos;

/**
 * How a {@link DeviceWindow} limits what classes 1 to 4 have in the device.
 *
 * @param drivenByDelay false: the window is wide open
 * @param tolerancePercent a latency-class I/O is late in the device beyond this much of its
 *     unloaded time (150: half as long again) ...
 * @param slackNs ... and this, which is what the loop needs to notice a completion
 * @param floorPercent how far the window may shrink: so that the device still does this much of the
 *     most it was seen to do, all classes together
 * @param idleNs wide open when no latency class was active for so long
 */
public record WindowPolicy(
    boolean drivenByDelay, int tolerancePercent, long slackNs, int floorPercent, long idleNs) {
  public static final WindowPolicy OPEN = new WindowPolicy(false, 150, 20_000, 100, 250_000_000);
  public static final WindowPolicy AUTO = new WindowPolicy(true, 150, 20_000, 96, 250_000_000);
  public static final WindowPolicy BOUNDED = new WindowPolicy(true, 125, 20_000, 70, 1_000_000_000);

  public WindowPolicy {
    if (tolerancePercent < 100 || slackNs < 0 || idleNs < 0) {
      throw new IllegalArgumentException(
          "tolerancePercent at least 100, slackNs and idleNs at least 0: "
              + tolerancePercent
              + ", "
              + slackNs
              + ", "
              + idleNs);
    }
    if (floorPercent < 0 || floorPercent > 100) {
      throw new IllegalArgumentException("floorPercent " + floorPercent + ": 0 to 100");
    }
  }
}
