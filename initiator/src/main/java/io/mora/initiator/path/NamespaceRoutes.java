package io.mora.initiator.path;

import io.mora.initiator.Association;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.path.io.IoCounters;
import io.mora.initiator.path.io.SharedNamespace;
import io.mora.initiator.path.route.Route;
import io.mora.initiator.path.route.Routes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A namespace in use, and the paths that serve it; on the paths' thread. */
final class NamespaceRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceRoutes.class);

  private final NamespaceIdentity identity;
  private final int nsid;
  private final SharedNamespace shared;
  private final IoCounters counters;
  private final Map<Path, Route> routes = new LinkedHashMap<>();
  private final Set<Path> left = new HashSet<>();

  NamespaceRoutes(
      NamespaceIdentity identity, int nsid, SharedNamespace shared, IoCounters counters) {
    this.identity = identity;
    this.nsid = nsid;
    this.shared = shared;
    this.counters = counters;
  }

  SharedNamespace shared() {
    return shared;
  }

  boolean isServedBy(Path path) {
    return routes.containsKey(path);
  }

  /** Its id by a path; where that is not known, by the first. */
  int nsidBy(Path path) {
    Route route = routes.get(path);
    return route == null ? nsid : route.namespace().nsid();
  }

  /** When a transition by a path must be over. */
  long changedByNs(Path path, long nowNs) {
    return path.changedByNs(nsidBy(path), nowNs);
  }

  /** A path is no more. */
  void forget(Path path) {
    left.remove(path);
  }

  /** Looks whether a path serves it, and how well. */
  void route(Path path) {
    RemoteNamespace by = path.isLive() ? find(path) : null;
    Route before = routes.get(path);
    if (by != null && path.serves(by.nsid())) {
      if (before == null || before.namespace() != by) {
        routes.put(path, new Route(path, by));
      }
      if (before == null && left.remove(path)) {
        counters.failbacks.increment();
      }
    } else if (before != null) {
      routes.remove(path);
      left.add(path);
      counters.failovers.increment();
    }
    List<Route> optimized = new ArrayList<>();
    List<Route> others = new ArrayList<>();
    routes.forEach(
        (each, route) ->
            (each.isOptimized(route.namespace().nsid()) ? optimized : others).add(route));
    shared.routes(new Routes(optimized, others));
  }

  private @Nullable RemoteNamespace find(Path path) {
    Association association = path.association();
    if (association == null) {
      return null;
    }
    for (RemoteNamespace each : association.namespaces()) {
      if (NamespaceIdentity.of(each).equals(identity)) {
        return each;
      }
    }
    if (association.findNamespace(nsid).isPresent() && path.problem().isEmpty()) {
      path.problem("namespace " + nsid + " there is another one");
      LOG.warn("path {}: not used, {}", path, path.problem());
    }
    return null;
  }
}
