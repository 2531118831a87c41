package io.mora.protocol.admin;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import org.jspecify.annotations.Nullable;

/**
 * A host that subsystems may allow.
 *
 * @param nqn as the host presents it; any name of 1 to 223 bytes
 * @param grants what it may ask of the latency-intent extension and what it is given
 * @param dhchap how it proves that it is this host, wherever it connects; null: its name is taken
 *     as it is
 */
public record HostSpec(Nqn nqn, GrantSpec grants, @Nullable DhchapSpec dhchap) {
  /** A host with the grants every host has. */
  public HostSpec(Nqn nqn) {
    this(nqn, GrantSpec.DEFAULT);
  }

  /** A host whose name is taken as it is. */
  public HostSpec(Nqn nqn, GrantSpec grants) {
    this(nqn, grants, null);
  }

  public HostSpec with(DhchapSpec proof) {
    return new HostSpec(nqn, grants, proof);
  }
}
