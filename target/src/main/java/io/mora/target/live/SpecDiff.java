package io.mora.target.live;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The differences of two valid specs. */
public final class SpecDiff {
  private static final String RESTART = "cannot be changed while the target runs";

  private final TargetSpec before;
  private final TargetSpec after;
  private final List<Change> changes = new ArrayList<>();
  private final List<Problem> fixed = new ArrayList<>();

  public SpecDiff(TargetSpec before, TargetSpec after) {
    this.before = before;
    this.after = after;
    section("shards", before.shards(), after.shards());
    section("limits", before.limits(), after.limits());
    section("latencyIntent", before.latencyIntent(), after.latencyIntent());
    section("qos", before.qos(), after.qos());
    if (!before.discovery().equals(after.discovery())) {
      changes.add(Change.changed("discovery", ""));
    }
    listeners();
    hosts();
    subsystems();
  }

  /** Everything that differs, in the order of the file's shape. */
  public List<Change> changes() {
    return List.copyOf(changes);
  }

  /** What of it a running target cannot follow: it has to be started again. */
  public List<Problem> fixed() {
    return List.copyOf(fixed);
  }

  private void section(String key, Object was, Object is) {
    if (!was.equals(is)) {
      changes.add(Change.changed(key, ""));
      fixed.add(Problem.of(key, "changed", "what the target was started with", RESTART));
    }
  }

  private void listeners() {
    Map<String, ListenerSpec> was = byName(before.listeners(), each -> each.address().toString());
    Map<String, ListenerSpec> is = byName(after.listeners(), each -> each.address().toString());
    compare("listeners", was, is);
  }

  private void hosts() {
    Map<String, HostSpec> was = byName(before.hosts(), each -> each.nqn().value());
    Map<String, HostSpec> is = byName(after.hosts(), each -> each.nqn().value());
    compare("hosts", was, is);
  }

  /** Listeners at port 0 may have the same name: they are told apart by their place. */
  private static <T> Map<String, T> byName(List<T> list, Function<T, String> name) {
    Map<String, T> named = new LinkedHashMap<>();
    for (T each : list) {
      String key = name.apply(each);
      int n = 2;
      while (named.containsKey(key)) {
        key = name.apply(each) + "#" + n++;
      }
      named.put(key, each);
    }
    return named;
  }

  private <T> void compare(String key, Map<String, T> was, Map<String, T> is) {
    was.forEach(
        (name, old) -> {
          T now = is.get(name);
          String path = key + "[" + name + "]";
          if (now == null) {
            changes.add(Change.removed(path));
          } else if (!now.equals(old)) {
            changes.add(Change.changed(path, ""));
          }
        });
    is.forEach(
        (name, now) -> {
          if (!was.containsKey(name)) {
            changes.add(Change.added(key + "[" + name + "]", ""));
          }
        });
  }

  private void subsystems() {
    Map<String, SubsystemSpec> was = byName(before.subsystems(), each -> each.nqn().value());
    Map<String, SubsystemSpec> is = byName(after.subsystems(), each -> each.nqn().value());
    was.forEach(
        (nqn, old) -> {
          SubsystemSpec now = is.get(nqn);
          if (now == null) {
            changes.add(Change.removed(path(old.nqn())));
          } else {
            subsystem(old, now);
          }
        });
    is.forEach(
        (nqn, now) -> {
          if (!was.containsKey(nqn)) {
            String what = now.namespaces().size() + " namespaces";
            changes.add(Change.added(path(now.nqn()), what));
          }
        });
  }

  private static String path(Nqn subsystem) {
    return "subsystems[" + subsystem + "]";
  }

  private void subsystem(SubsystemSpec old, SubsystemSpec now) {
    String path = path(now.nqn());
    identity(path + ".serial", old.serial(), now.serial());
    identity(path + ".model", old.model(), now.model());
    if (old.allowAnyHost() != now.allowAnyHost()
        || !old.allowedHosts().equals(now.allowedHosts())) {
      changes.add(Change.changed(path + ".allowedHosts", ""));
    }
    if (!old.policy().equals(now.policy())) {
      changes.add(Change.changed(path + ".policy", ""));
    }
    Map<String, NamespaceSpec> was = byName(old.namespaces(), each -> "" + each.nsid());
    Map<String, NamespaceSpec> is = byName(now.namespaces(), each -> "" + each.nsid());
    was.forEach(
        (nsid, before) -> {
          NamespaceSpec after = is.get(nsid);
          String at = path + ".namespaces[" + nsid + "]";
          if (after == null) {
            changes.add(Change.removed(at));
          } else if (!after.equals(before)) {
            changes.add(Change.changed(at, NamespaceDiff.between(before, after).what()));
          }
        });
    is.forEach(
        (nsid, after) -> {
          if (!was.containsKey(nsid)) {
            changes.add(Change.added(path + ".namespaces[" + nsid + "]", after.backend().kind()));
          }
        });
  }

  private void identity(String path, String was, String is) {
    if (!was.equals(is)) {
      changes.add(Change.changed(path, was + " to " + is));
      fixed.add(
          Problem.of(path, is, was, "hosts know the subsystem by it: remove the subsystem first"));
    }
  }
}
