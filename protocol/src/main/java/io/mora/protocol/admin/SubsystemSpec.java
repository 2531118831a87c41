package io.mora.protocol.admin;

import io.mora.protocol.NameUuid;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * An NVM subsystem.
 *
 * @param nqn follows the naming rules and is not the discovery NQN
 * @param serial 1 to 20 characters of printable ASCII; must not change while hosts are connected
 * @param model 1 to 40 characters of printable ASCII
 * @param allowAnyHost every host may connect, whatever {@code allowedHosts} says
 * @param allowedHosts hosts that may connect; each is declared as a {@link HostSpec}
 * @param namespaces in any order
 * @param policy how its commands are served
 */
public record SubsystemSpec(
    Nqn nqn,
    String serial,
    String model,
    boolean allowAnyHost,
    List<Nqn> allowedHosts,
    List<NamespaceSpec> namespaces,
    SubsystemPolicy policy) {
  public static final int SERIAL_MAX = 20;
  public static final int MODEL_MAX = 40;
  public static final String MODEL_DEFAULT = "Mora";

  public SubsystemSpec {
    allowedHosts = List.copyOf(allowedHosts);
    namespaces = List.copyOf(namespaces);
  }

  /** A subsystem without a policy of its own. */
  public SubsystemSpec(
      Nqn nqn,
      String serial,
      String model,
      boolean allowAnyHost,
      List<Nqn> allowedHosts,
      List<NamespaceSpec> namespaces) {
    this(nqn, serial, model, allowAnyHost, allowedHosts, namespaces, SubsystemPolicy.DEFAULT);
  }

  public SubsystemSpec withPolicy(SubsystemPolicy newPolicy) {
    return new SubsystemSpec(nqn, serial, model, allowAnyHost, allowedHosts, namespaces, newPolicy);
  }

  public SubsystemSpec withNamespaces(List<NamespaceSpec> replacement) {
    return new SubsystemSpec(nqn, serial, model, allowAnyHost, allowedHosts, replacement, policy);
  }

  /** A subsystem open to every host, with derived serial number. */
  public static SubsystemSpec openToAll(Nqn nqn, List<NamespaceSpec> namespaces) {
    return new SubsystemSpec(nqn, defaultSerial(nqn), MODEL_DEFAULT, true, List.of(), namespaces);
  }

  /** 20 characters, the same for ever for an NQN. */
  public static String defaultSerial(Nqn nqn) {
    UUID uuid = NameUuid.of("subsystem", nqn.value());
    return "MORA" + HexFormat.of().withUpperCase().toHexDigits(uuid.getMostSignificantBits());
  }

  public boolean allows(Nqn host) {
    return allowAnyHost || allowedHosts.contains(host);
  }
}
