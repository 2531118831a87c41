package io.mora.cli.nvme;

import io.mora.cli.output.Figures;
import io.mora.initiator.Association;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is printed of one subsystem, read while it was connected. */
record SubsystemListing(
    Nqn nqn,
    TransportAddress address,
    int controllerId,
    String model,
    String serial,
    List<Disk> namespaces) {
  /** A namespace. */
  record Disk(int nsid, long sizeBytes, long blocks, int blockBytes, String uuid) {
    static Disk of(RemoteNamespace namespace) {
      Object uuid = namespace.identifiers().uuid();
      return new Disk(
          namespace.nsid(),
          namespace.sizeBytes(),
          namespace.blocks(),
          namespace.blockBytes(),
          uuid == null ? Figures.NONE : uuid.toString());
    }
  }

  static SubsystemListing of(Association association) {
    return new SubsystemListing(
        association.options().subsystem(),
        association.options().address(),
        association.controllerId(),
        association.identify().modelNumber(),
        association.identify().serialNumber(),
        association.namespaces().stream().map(Disk::of).toList());
  }

  static List<Object> json(List<SubsystemListing> found) {
    List<Object> all = new ArrayList<>();
    for (SubsystemListing subsystem : found) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("nqn", subsystem.nqn());
      one.put("traddr", subsystem.address().host());
      one.put("trsvcid", subsystem.address().port());
      one.put("controllerId", subsystem.controllerId());
      one.put("model", subsystem.model());
      one.put("serial", subsystem.serial());
      List<Object> namespaces = new ArrayList<>();
      for (Disk disk : subsystem.namespaces()) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("nsid", Integer.toUnsignedLong(disk.nsid()));
        item.put("sizeBytes", disk.sizeBytes());
        item.put("blocks", disk.blocks());
        item.put("blockBytes", disk.blockBytes());
        item.put("uuid", disk.uuid());
        namespaces.add(item);
      }
      one.put("namespaces", namespaces);
      all.add(one);
    }
    return all;
  }
}
