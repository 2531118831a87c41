package io.mora.target.admin.change;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.StorageCheck;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at the files and devices that a wanted configuration names and the one in force does not:
 * the target would find the same out, but could not name the field. What is served already is not
 * looked at, whatever became of its file.
 */
final class NewStorage {
  private NewStorage() {}

  static List<Problem> problems(TargetSpec inForce, ConfigFile wanted) {
    try {
      wanted.checkStorage();
      return List.of();
    } catch (ConfigException e) {
      Set<BackendSpec> served = new HashSet<>();
      inForce
          .subsystems()
          .forEach(each -> each.namespaces().forEach(one -> served.add(one.backend())));
      return e.problems().stream()
          .filter(
              each -> !served.contains(of(wanted, each)) && !isServedPool(inForce, wanted, each))
          .toList();
    }
  }

  /** A problem is about a pool that is in force as it is, whatever became of its folder. */
  private static boolean isServedPool(TargetSpec inForce, ConfigFile wanted, Problem problem) {
    List<SubsystemSpec> subsystems = wanted.spec().subsystems();
    for (int i = 0; i < subsystems.size(); i++) {
      SubsystemSpec about = subsystems.get(i);
      if (StorageCheck.isOfPool(problem) && problem.key().startsWith("subsystems[" + i + "].")) {
        return inForce.subsystems().stream()
            .anyMatch(
                each ->
                    each.nqn().equals(about.nqn())
                        && each.policy().pool().equals(about.policy().pool()));
      }
    }
    return false;
  }

  /** The storage a problem is about; of one that is about no single storage, something unserved. */
  private static BackendSpec of(ConfigFile wanted, Problem problem) {
    List<SubsystemSpec> subsystems = wanted.spec().subsystems();
    for (int i = 0; i < subsystems.size(); i++) {
      List<NamespaceSpec> namespaces = subsystems.get(i).namespaces();
      for (int n = 0; n < namespaces.size(); n++) {
        String key = "subsystems[" + i + "].namespaces[" + n + "].";
        if (problem.key().startsWith(key)) {
          return namespaces.get(n).backend();
        }
      }
    }
    return new BackendSpec.Null(0);
  }
}
