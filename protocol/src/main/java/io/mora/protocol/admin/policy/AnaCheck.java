package io.mora.protocol.admin.policy;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of who reaches a namespace, and how well. */
public final class AnaCheck {
  private static final String GROUPS =
      AnaGroupState.GROUP.min() + " to " + AnaGroupState.GROUP.max();

  private final TargetSpec spec;
  private final List<Problem> problems = new ArrayList<>();

  public AnaCheck(TargetSpec spec) {
    this.spec = spec;
  }

  /** Everything that is wrong. */
  public List<Problem> problems() {
    for (int i = 0; i < spec.listeners().size(); i++) {
      states("listeners[" + i + "].ana", spec.listeners().get(i));
    }
    for (int i = 0; i < spec.subsystems().size(); i++) {
      SubsystemSpec subsystem = spec.subsystems().get(i);
      for (int n = 0; n < subsystem.namespaces().size(); n++) {
        String key = "subsystems[" + i + "].namespaces[" + n + "].";
        reach(key, subsystem, subsystem.namespaces().get(n));
      }
    }
    return problems;
  }

  private void states(String key, ListenerSpec listener) {
    Map<Integer, Integer> seen = new HashMap<>();
    for (int i = 0; i < listener.ana().size(); i++) {
      AnaGroupState state = listener.ana().get(i);
      String at = key + "[" + i + "]";
      if (!AnaGroupState.GROUP.contains(state.group())) {
        add(at, state, "groups " + GROUPS, "no such group");
      }
      Integer before = seen.putIfAbsent(state.group(), i);
      if (before != null) {
        add(at, state, "each group once", "already in " + key + "[" + before + "]");
      }
    }
  }

  private void reach(String key, SubsystemSpec subsystem, NamespaceSpec namespace) {
    NamespaceReach reach = namespace.policy().reach();
    if (!AnaGroupState.GROUP.contains(reach.anaGroup())) {
      add(key + "anaGroup", reach.anaGroup(), GROUPS, "out of range");
    }
    if (!reach.attached() && !reach.hosts().isEmpty()) {
      add(key + "attached", false, "true with hosts", "hosts of a namespace that none sees");
    }
    Set<Nqn> seen = new HashSet<>();
    for (int i = 0; i < reach.hosts().size(); i++) {
      Nqn host = reach.hosts().get(i);
      String at = key + "hosts[" + i + "]";
      if (spec.hosts().stream().noneMatch(known -> known.nqn().equals(host))) {
        add(at, host, "a host declared under hosts", "no such host is declared");
      } else if (!subsystem.allows(host)) {
        add(at, host, "a host that the subsystem allows", "it cannot connect to the subsystem");
      }
      if (!seen.add(host)) {
        add(at, host, "each host once", "host named twice");
      }
    }
  }

  private void add(String key, Object value, String allowed, String message) {
    problems.add(Problem.of(key, value, allowed, message));
  }
}
