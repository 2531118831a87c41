package io.mora.cli.manage.field;

import io.mora.cli.manage.client.Doc;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about a listener. */
public final class ListenerFields {
  @Option(
      names = "--subsystem",
      paramLabel = "NQN",
      description = "Only this one is reached through it; may be repeated; default is all.")
  private @Nullable List<String> subsystems;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      completionCandidates = Words.Classes.class,
      description = "Class of commands that carry no intent: ${COMPLETION-CANDIDATES}.")
  private @Nullable String latencyClass;

  @Option(
      names = "--advertise",
      paramLabel = "ADDRESS",
      description = "Address that discovery tells, where hosts reach it by another.")
  private @Nullable String advertise;

  @Option(
      names = "--ana",
      paramLabel = "GROUP STATE",
      description = "State of an ANA group here, as '2 non-optimized'; may be repeated.")
  private @Nullable List<String> ana;

  @Option(
      names = "--tls",
      paramLabel = "POLICY",
      description = "Whether hosts speak TLS here: none, allowed, concatenated or required.")
  private @Nullable String tls;

  @Option(
      names = "--trust",
      paramLabel = "WORD",
      completionCandidates = Words.Trusts.class,
      description =
          "What names of hosts are worth here: proven (only with a key), or claimed (all of them).")
  private @Nullable String trust;

  public void apply(Doc listener) {
    Fields.put(listener, "advertise", advertise);
    Fields.put(listener, "subsystems", subsystems);
    Fields.put(listener, "class", latencyClass);
    Fields.put(listener, "ana", ana);
    Fields.put(listener, "tls", tls);
    Fields.put(listener, "trust", trust);
  }
}
