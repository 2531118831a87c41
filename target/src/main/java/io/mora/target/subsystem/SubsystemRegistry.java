package io.mora.target.subsystem;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the target serves: subsystems and ports, an immutable snapshot in one volatile field.
 * Any thread may read; a control thread replaces it whole.
 */
public final class SubsystemRegistry {
  private volatile Snapshot snapshot;

  /**
   * @param referrals discovery services elsewhere
   */
  public SubsystemRegistry(
      List<Subsystem> subsystems, List<Port> ports, List<TransportAddress> referrals) {
    snapshot = Snapshot.of(subsystems, ports, referrals, 1);
  }

  /** The subsystem of an NQN if the port serves it, else null. */
  public @Nullable Subsystem find(Nqn nqn, Port port) {
    Subsystem subsystem = snapshot.byNqn.get(nqn.value());
    return subsystem != null && port.serves(subsystem) ? subsystem : null;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  /** Replaces everything; the generation counter moves on. */
  public void replace(
      List<Subsystem> subsystems, List<Port> ports, List<TransportAddress> referrals) {
    snapshot = Snapshot.of(subsystems, ports, referrals, snapshot.generation + 1);
  }

  /**
   * @param byNqn subsystems by NQN, discovery included, in configuration order
   * @param referrals discovery services elsewhere
   * @param generation GENCTR of the discovery log
   */
  public record Snapshot(
      Map<String, Subsystem> byNqn,
      List<Port> ports,
      List<TransportAddress> referrals,
      long generation) {
    static Snapshot of(
        List<Subsystem> subsystems,
        List<Port> ports,
        List<TransportAddress> referrals,
        long generation) {
      Map<String, Subsystem> byNqn = new LinkedHashMap<>();
      for (Subsystem subsystem : subsystems) {
        byNqn.put(subsystem.nqn().value(), subsystem);
      }
      return new Snapshot(byNqn, List.copyOf(ports), List.copyOf(referrals), generation);
    }
  }
}
