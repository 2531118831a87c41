package io.mora.protocol.admin;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.intent.LatencyClass;
import java.util.List;

/**
 * An address that serves I/O.
 *
 * @param address an IP address and port; port 0 takes a free port
 * @param advertise address told to hosts by discovery, where they reach this one by another; empty
 *     for its own
 * @param subsystems the subsystems reached through it; empty is all
 * @param latencyClass base class of commands that come in through it; DEFAULT says nothing
 * @param ana how ANA groups are reached through it, where not optimized
 * @param tls whether it speaks TLS
 * @param trust whether hosts that come in through it get what needs a proof by their name alone;
 *     the short constructors believe names: they are for programs that know who connects
 */
public record ListenerSpec(
    TransportAddress address,
    String advertise,
    List<Nqn> subsystems,
    LatencyClass latencyClass,
    List<AnaGroupState> ana,
    TlsPolicy tls,
    Trust trust) {
  public ListenerSpec {
    subsystems = List.copyOf(subsystems);
    ana = List.copyOf(ana);
  }

  /** A listener for plain TCP that believes names. */
  public ListenerSpec(
      TransportAddress address,
      String advertise,
      List<Nqn> subsystems,
      LatencyClass latencyClass,
      List<AnaGroupState> ana) {
    this(address, advertise, subsystems, latencyClass, ana, TlsPolicy.NONE, Trust.CLAIMED);
  }

  /** A listener through which everything is reached well. */
  public ListenerSpec(
      TransportAddress address, String advertise, List<Nqn> subsystems, LatencyClass latencyClass) {
    this(address, advertise, subsystems, latencyClass, List.of());
  }

  /** A listener that gives no class. */
  public ListenerSpec(TransportAddress address, String advertise, List<Nqn> subsystems) {
    this(address, advertise, subsystems, LatencyClass.DEFAULT);
  }

  /** A listener that advertises its own address. */
  public ListenerSpec(TransportAddress address, List<Nqn> subsystems) {
    this(address, "", subsystems);
  }

  public ListenerSpec withAddress(TransportAddress newAddress) {
    return new ListenerSpec(newAddress, advertise, subsystems, latencyClass, ana, tls, trust);
  }

  public ListenerSpec withAdvertise(String newAdvertise) {
    return new ListenerSpec(address, newAdvertise, subsystems, latencyClass, ana, tls, trust);
  }

  public ListenerSpec withLatencyClass(LatencyClass newClass) {
    return new ListenerSpec(address, advertise, subsystems, newClass, ana, tls, trust);
  }

  public ListenerSpec withAna(List<AnaGroupState> newAna) {
    return new ListenerSpec(address, advertise, subsystems, latencyClass, newAna, tls, trust);
  }

  public ListenerSpec withTls(TlsPolicy policy) {
    return new ListenerSpec(address, advertise, subsystems, latencyClass, ana, policy, trust);
  }

  public ListenerSpec withTrust(Trust inNames) {
    return new ListenerSpec(address, advertise, subsystems, latencyClass, ana, tls, inNames);
  }

  /** A listener for every subsystem. */
  public static ListenerSpec of(String host, int port) {
    return new ListenerSpec(new TransportAddress(host, port), List.of());
  }

  public boolean serves(Nqn subsystem) {
    return subsystems.isEmpty() || subsystems.contains(subsystem);
  }
}
