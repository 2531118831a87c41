package io.mora.initiator.control;

import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.LogPageId;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.NamespaceIdentifiers;
import io.mora.protocol.data.NamespaceList;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads which namespaces are active (CNS 02h) and each one's data (CNS 00h, 03h). */
public final class NamespaceScan {
  /** Most namespaces looked at; a list that goes on is cut, with a warning. */
  public static final int NAMESPACES_MAX = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(NamespaceScan.class);
  private static final int LOG_BYTES = 4096;
  private static final NamespaceIdentifiers NO_IDENTIFIERS =
      new NamespaceIdentifiers(null, null, null, NamespaceIdentifiers.NO_COMMAND_SET);

  private final AdminQueue admin;

  public NamespaceScan(AdminQueue admin) {
    this.admin = admin;
  }

  /** Reads log 04h, so that the next change is told; then scans. */
  public CompletableFuture<List<NamespaceInfo>> afterChange() {
    return admin
        .log(LogPageId.CHANGED_NAMESPACES, LOG_BYTES, 0)
        .handle((log, failure) -> failure)
        .thenCompose(ignored -> scan());
  }

  /** Usable namespaces, ascending. */
  public CompletableFuture<List<NamespaceInfo>> scan() {
    return list(0, new ArrayList<>())
        .thenCompose(nsids -> read(nsids, 0, new ArrayList<>(nsids.size())));
  }

  private CompletableFuture<List<Integer>> list(int after, List<Integer> all) {
    return admin
        .identify(Identify.ACTIVE_NAMESPACES, after)
        .thenCompose(
            data -> {
              NamespaceList page = decodeList(data);
              all.addAll(page.nsids());
              boolean more = page.nsids().size() == NamespaceList.ENTRIES_MAX;
              if (more && all.size() < NAMESPACES_MAX) {
                return list(all.get(all.size() - 1), all);
              }
              if (more) {
                LOG.warn("more than {} namespaces: the rest is not used", NAMESPACES_MAX);
              }
              return CompletableFuture.completedFuture(all);
            });
  }

  private static NamespaceList decodeList(ByteBuf data) {
    try {
      return NamespaceList.decode(data, 0);
    } catch (IllegalArgumentException e) {
      throw new ConnectionException(Reason.INCOMPATIBLE, "CNS 02h: " + e.getMessage(), e);
    }
  }

  private CompletableFuture<List<NamespaceInfo>> read(
      List<Integer> nsids, int at, List<NamespaceInfo> done) {
    if (at == nsids.size()) {
      return CompletableFuture.completedFuture(List.copyOf(done));
    }
    return read(nsids.get(at))
        .thenCompose(
            info -> {
              if (info.isUsable()) {
                done.add(info);
              } else {
                LOG.warn(
                    "namespace {} is not used: format {}",
                    Integer.toUnsignedString(info.nsid()),
                    info.identify().currentFormat());
              }
              return read(nsids, at + 1, done);
            });
  }

  private CompletableFuture<NamespaceInfo> read(int nsid) {
    return admin
        .identify(Identify.NAMESPACE, nsid)
        .thenCompose(
            data -> {
              IdentifyNamespace identify = IdentifyNamespace.decode(data, 0);
              return identifiers(nsid).thenApply(ids -> new NamespaceInfo(nsid, identify, ids));
            });
  }

  /** Controllers before 1.3 have no descriptors, and some that have are malformed. */
  private CompletableFuture<NamespaceIdentifiers> identifiers(int nsid) {
    return admin
        .identify(Identify.NAMESPACE_DESCRIPTORS, nsid)
        .thenApply(data -> NamespaceIdentifiers.decode(data, 0))
        .exceptionally(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException && failure.getCause() != null
                      ? failure.getCause()
                      : failure;
              if (cause instanceof CommandException || cause instanceof IllegalArgumentException) {
                return NO_IDENTIFIERS;
              }
              throw new CompletionException(cause);
            });
  }
}
