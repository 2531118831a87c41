package io.mora.cli.manage.client;

import picocli.CommandLine.Parameters;

/** The host that a command is about. */
public final class HostArgument {
  @Parameters(
      paramLabel = "NQN",
      converter = HostNqn.class,
      description = "As its /etc/nvme/hostnqn has it, or uuid:UUID.")
  private String nqn = "";

  /** Its whole name. */
  public String nqn() {
    return nqn;
  }
}
