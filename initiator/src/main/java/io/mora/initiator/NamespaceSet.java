package io.mora.initiator;

import io.mora.initiator.control.NamespaceInfo;
import io.mora.initiator.control.NamespaceScan;
import io.mora.initiator.sync.NamespaceViews;
import io.mora.initiator.sync.ThreadQueue;
import io.mora.protocol.net.IoLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An association's namespaces: read by anybody, replaced as a whole on the home loop. */
final class NamespaceSet implements NamespaceViews {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceSet.class);

  private final TcpAssociation association;
  private volatile List<QueuedNamespace> namespaces = List.of();

  NamespaceSet(TcpAssociation association) {
    this.association = association;
  }

  List<RemoteNamespace> all() {
    return List.copyOf(namespaces);
  }

  Optional<RemoteNamespace> find(int nsid) {
    for (QueuedNamespace known : namespaces) {
      if (known.nsid() == nsid) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  RemoteNamespace get(int nsid) {
    return find(nsid)
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "namespace "
                        + Integer.toUnsignedString(nsid)
                        + "; there are "
                        + namespaces.stream().map(QueuedNamespace::nsid).toList()));
  }

  /**
   * Takes over what a scan found. A namespace that is still the same keeps its object.
   *
   * @return ids under which there was one that is gone or is another one now
   */
  Set<Integer> update(List<NamespaceInfo> found) {
    List<QueuedNamespace> next = new ArrayList<>(found.size());
    Set<Integer> gone = new HashSet<>();
    namespaces.forEach(known -> gone.add(known.nsid()));
    for (NamespaceInfo info : found) {
      QueuedNamespace same = same(info);
      if (same != null) {
        same.attachment().info(info);
        gone.remove(info.nsid());
        next.add(same);
      } else {
        next.add(new QueuedNamespace(association, new NamespaceAttachment(info)));
      }
    }
    for (QueuedNamespace known : namespaces) {
      if (gone.contains(known.nsid())) {
        known.attachment().detach();
      }
    }
    namespaces = List.copyOf(next);
    return gone;
  }

  @Override
  public RemoteNamespace on(RemoteNamespace namespace, ThreadQueue queue) {
    if (namespace instanceof QueuedNamespace known && known.association() == association) {
      return known.onThread(queue);
    }
    throw new IllegalArgumentException(namespace + ": not a namespace of " + association);
  }

  @Override
  public boolean isThere(RemoteNamespace view) {
    return view instanceof QueuedNamespace known && known.isThere();
  }

  /** Reads them anew and tells the listeners; any thread. */
  CompletableFuture<Void> rescan(NamespaceScan scan, boolean acknowledge, IoLoop home) {
    return CompletableFuture.supplyAsync(
            () -> acknowledge ? scan.afterChange() : scan.scan(), home::execute)
        .thenCompose(found -> found)
        .thenAcceptAsync(
            found -> {
              Set<Integer> gone = update(found);
              LOG.info("{}: {} namespaces, gone: {}", association, found.size(), gone);
              association.tellNamespaces();
            },
            home::execute);
  }

  private @Nullable QueuedNamespace same(NamespaceInfo info) {
    for (QueuedNamespace known : namespaces) {
      if (known.attachment().info().isSame(info)) {
        return known;
      }
    }
    return null;
  }
}
