package io.mora.protocol.admin;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.GrantSpec;

/**
 * A host that subsystems may allow.
 *
 * @param nqn as the host presents it; any name of 1 to 223 bytes
 * @param grants what it may ask of the latency-intent extension and what it is given
 */
public record HostSpec(Nqn nqn, GrantSpec grants) {
  /** A host with the grants every host has. */
  public HostSpec(Nqn nqn) {
    this(nqn, GrantSpec.DEFAULT);
  }
}
