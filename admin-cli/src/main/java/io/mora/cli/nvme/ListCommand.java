package io.mora.cli.nvme;

import io.mora.cli.connect.AddressOptions;
import io.mora.cli.connect.HostOptions;
import io.mora.cli.connect.QueueOptions;
import io.mora.cli.connect.Session;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.output.Figures;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.protocol.Nqn;
import io.mora.protocol.NvmeException;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora list}. */
@Command(
    name = "list",
    description = {
      "Lists the namespaces of a subsystem;",
      "without --nqn, of every subsystem that discovery at the address offers."
    })
public final class ListCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private AddressOptions address = new AddressOptions();

  @Option(
      names = {"-n", "--nqn"},
      paramLabel = "NQN",
      description = "Only this subsystem, without discovery.")
  private @Nullable String nqn;

  @Mixin private HostOptions host = new HostOptions();
  @Mixin private QueueOptions queue = new QueueOptions();

  /** A subsystem to ask, and where. */
  private record Place(TransportAddress address, Nqn subsystem) {}

  @Override
  public Integer call() throws TimeoutException, InterruptedException {
    List<SubsystemListing> found = new ArrayList<>();
    NvmeException refused = null;
    try (Initiator initiator = Session.start(host)) {
      for (Place place : places(initiator)) {
        try (Association association = SubsystemOptions.open(initiator, connect(place))) {
          found.add(SubsystemListing.of(association));
        } catch (NvmeException e) {
          // One that is refused must not hide the others.
          refused = e;
          global
              .err()
              .println(place.subsystem() + " at " + place.address() + ": " + e.getMessage());
        }
      }
    }
    if (found.isEmpty() && refused != null) {
      throw refused;
    }
    global.print(Map.of("subsystems", SubsystemListing.json(found)), out -> table(out, found));
    return refused == null ? 0 : 1;
  }

  private Set<Place> places(Initiator initiator) throws TimeoutException, InterruptedException {
    if (nqn != null) {
      return Set.of(new Place(address.address(TransportAddress.IO_PORT), new Nqn(nqn)));
    }
    TransportAddress at = address.address(TransportAddress.DISCOVERY_PORT);
    Set<Place> places = new LinkedHashSet<>();
    for (DiscoveryLogEntry entry :
        Session.await(initiator.discover(at), address.timeoutMs(), "discovery at " + at)
            .entries()) {
      TransportAddress where = entry.address();
      Nqn subsystem = entry.subsystemNqn();
      if (entry.isTcp()
          && entry.subtype() == DiscoveryLogEntry.NVM_SUBSYSTEM
          && where != null
          && subsystem != null) {
        places.add(new Place(where, subsystem));
      }
    }
    return places;
  }

  private ConnectOptions connect(Place place) {
    ConnectOptions.Builder connect = ConnectOptions.to(place.address(), place.subsystem());
    return queue
        .apply(SubsystemOptions.timeouts(connect, address.timeoutMs()))
        .queues(queue.queues(1))
        .queueDepth(queue.queueSize(128))
        .build();
  }

  private static void table(PrintWriter out, List<SubsystemListing> found) {
    if (found.isEmpty()) {
      out.println("No subsystems.");
    }
    for (SubsystemListing subsystem : found) {
      out.println(subsystem.nqn() + " at " + subsystem.address());
      out.println(
          "  "
              + subsystem.model()
              + ", serial "
              + subsystem.serial()
              + ", controller "
              + subsystem.controllerId());
      if (subsystem.namespaces().isEmpty()) {
        out.println("  no namespaces");
        continue;
      }
      Table table = new Table(">NSID", ">SIZE", ">BLOCKS", ">BLOCK", "UUID");
      for (SubsystemListing.Disk disk : subsystem.namespaces()) {
        table.row(
            Integer.toUnsignedString(disk.nsid()),
            Figures.bytes(disk.sizeBytes()),
            disk.blocks(),
            Figures.bytes(disk.blockBytes()),
            disk.uuid());
      }
      table.print(out, "  ");
    }
  }
}
