package io.mora.cli.manage.field;

import io.mora.cli.manage.client.Doc;
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

  public void apply(Doc namespace) {
    Fields.put(namespace, "class", latencyClass);
    Fields.put(namespace, "latencyMode", latencyMode);
    Fields.put(namespace, "intent", intent);
  }
}
