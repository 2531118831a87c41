package io.mora.protocol.admin;

import io.mora.protocol.Nqn;

/**
 * A host that subsystems may allow.
 *
 * @param nqn as the host presents it; any name of 1 to 223 bytes
 * @param timing what timing replies of the latency-intent extension tell it
 */
public record HostSpec(Nqn nqn, TimingGrant timing) {
  /** A host with the grants every host has. */
  public HostSpec(Nqn nqn) {
    this(nqn, TimingGrant.COARSE);
  }

  /** How exactly a host may learn where its commands spent their time. */
  public enum TimingGrant {
    /** Rounded up to 16 us: exact times tell about a host's neighbours. */
    COARSE,
    /** To 100 ns. */
    FINE
  }
}
