package io.mora.protocol.admin;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.admin.policy.Trust;
import org.jspecify.annotations.Nullable;

/**
 * A host that subsystems may allow.
 *
 * @param nqn as the host presents it; any name of 1 to 223 bytes
 * @param grants what it may ask of the latency-intent extension and what it is given
 * @param dhchap how it proves that it is this host, wherever it connects; null: its name is a claim
 *     but for TLS
 * @param tls the keys by which it connects over TLS; null: it cannot
 * @param trust whether it gets all that is granted while its name is only a claim
 */
public record HostSpec(
    Nqn nqn, GrantSpec grants, @Nullable DhchapSpec dhchap, @Nullable TlsSpec tls, Trust trust) {
  /** A host with the grants every host has. */
  public HostSpec(Nqn nqn) {
    this(nqn, GrantSpec.DEFAULT);
  }

  /** A host without a key. */
  public HostSpec(Nqn nqn, GrantSpec grants) {
    this(nqn, grants, null);
  }

  /** A host without a TLS key. */
  public HostSpec(Nqn nqn, GrantSpec grants, @Nullable DhchapSpec dhchap) {
    this(nqn, grants, dhchap, null, Trust.PROVEN);
  }

  public HostSpec with(DhchapSpec proof) {
    return new HostSpec(nqn, grants, proof, tls, trust);
  }

  public HostSpec with(TlsSpec keys) {
    return new HostSpec(nqn, grants, dhchap, keys, trust);
  }

  public HostSpec with(Trust inName) {
    return new HostSpec(nqn, grants, dhchap, tls, inName);
  }
}
