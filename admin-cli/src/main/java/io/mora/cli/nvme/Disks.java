package io.mora.cli.nvme;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.initiator.Association;
import io.mora.initiator.RemoteNamespace;
import java.util.stream.Collectors;

/** Finding a namespace by the id a person typed. */
public final class Disks {
  private Disks() {}

  /**
   * The active namespace of an id.
   *
   * @throws CliException naming those there are
   */
  public static RemoteNamespace namespace(Association association, int nsid) {
    return association
        .findNamespace(nsid)
        .orElseThrow(
            () -> {
              String there =
                  association.namespaces().stream()
                      .map(n -> Integer.toUnsignedString(n.nsid()))
                      .collect(Collectors.joining(", "));
              return new CliException(
                  ExitCodes.FAILED,
                  "--nsid="
                      + Integer.toUnsignedString(nsid)
                      + ": "
                      + association.options().subsystem()
                      + " has "
                      + (there.isEmpty() ? "no namespaces" : "namespaces " + there));
            });
  }
}
