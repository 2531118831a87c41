package io.mora.target.subsystem;

import java.util.Map;

/**
 * What hosts may ask of the latency-intent extension; immutable.
 *
 * @param intentEnabled the extension is offered at all
 * @param fineTiming by host NQN; hosts that are not listed get coarse times
 */
public record HostGrants(boolean intentEnabled, Map<String, Boolean> fineTiming) {
  /** The extension is off. */
  public static final HostGrants NONE = new HostGrants(false, Map.of());

  public HostGrants {
    fineTiming = Map.copyOf(fineTiming);
  }

  /** True if a host may see times finer than 16 us, which tell about its neighbours. */
  public boolean fineTiming(String hostNqn) {
    return fineTiming.getOrDefault(hostNqn, false);
  }
}
