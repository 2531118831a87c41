package io.mora.cli.manage.field;

import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HostNqn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be said about a subsystem. */
public final class SubsystemFields {
  @Option(
      names = "--allow-any-host",
      negatable = true,
      description = "Every host may connect, or only those that are allowed.")
  private @Nullable Boolean allowAnyHost;

  @Option(
      names = "--allow",
      paramLabel = "HOSTNQN",
      converter = HostNqn.class,
      description = "Let a host connect that 'mora host list' shows; may be repeated.")
  private List<String> allow = new ArrayList<>();

  @Option(
      names = "--disallow",
      paramLabel = "HOSTNQN",
      converter = HostNqn.class,
      description = "Let a host connect no more; may be repeated.")
  private List<String> disallow = new ArrayList<>();

  @Option(
      names = "--latency-mode",
      paramLabel = "MODE",
      completionCandidates = Words.Modes.class,
      description = "${COMPLETION-CANDIDATES}.")
  private @Nullable String latencyMode;

  @Option(
      names = "--queue-class",
      paramLabel = "QIDS CLASS",
      description = "Class of commands by I/O queue, as '1-4 critical'; may be repeated.")
  private @Nullable List<String> queueClasses;

  @Option(names = "--serial", paramLabel = "TEXT", description = "Serial number.")
  private @Nullable String serial;

  @Option(names = "--model", paramLabel = "TEXT", description = "Model number.")
  private @Nullable String model;

  public void apply(Doc subsystem) {
    Fields.put(subsystem, "serial", serial);
    Fields.put(subsystem, "model", model);
    Fields.put(subsystem, "allowAnyHost", allowAnyHost);
    if (!allow.isEmpty() || !disallow.isEmpty()) {
      Fields.change(subsystem, "allowedHosts", allow, disallow);
    }
    Fields.put(subsystem, "latencyMode", latencyMode);
    Fields.put(subsystem, "queueClasses", queueClasses);
  }
}
