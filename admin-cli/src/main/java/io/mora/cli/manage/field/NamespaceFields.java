package io.mora.cli.manage.field;

import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostNqn;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about a namespace while it is served. */
public final class NamespaceFields {
  @Option(
      names = "--class",
      paramLabel = "CLASS",
      completionCandidates = Words.Classes.class,
      description = "Class of commands that carry no intent: ${COMPLETION-CANDIDATES}.")
  private @Nullable String latencyClass;

  @Option(
      names = "--latency-mode",
      paramLabel = "MODE",
      completionCandidates = Words.Modes.class,
      description = "${COMPLETION-CANDIDATES}, which is the subsystem's.")
  private @Nullable String latencyMode;

  @Option(
      names = "--intent",
      negatable = true,
      description = "Intent of commands counts, or does not.")
  private @Nullable Boolean intent;

  @Option(
      names = "--ana-group",
      paramLabel = "N",
      description = "ANA group it is in; listeners say how groups are reached.")
  private @Nullable Integer anaGroup;

  @Option(
      names = "--host",
      paramLabel = "HOSTNQN",
      converter = HostNqn.class,
      description = "Only this host sees it; may be repeated; default is all of the subsystem's.")
  private @Nullable List<String> hosts;

  public void apply(Doc namespace) {
    Fields.put(namespace, "class", latencyClass);
    Fields.put(namespace, "latencyMode", latencyMode);
    Fields.put(namespace, "intent", intent);
    Fields.put(namespace, "anaGroup", anaGroup);
    Fields.put(namespace, "hosts", hosts);
  }
}
