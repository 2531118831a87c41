package io.mora.cli.nvme;

import io.mora.cli.connect.AddressOptions;
import io.mora.cli.connect.HostOptions;
import io.mora.cli.connect.Session;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Table;
import io.mora.initiator.Initiator;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogEntry.Field;
import io.mora.protocol.data.log.DiscoveryLogPage;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mora discover}. */
@Command(name = "discover", description = "Lists what a discovery controller offers this host.")
public final class DiscoverCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private AddressOptions address = new AddressOptions();
  @Mixin private HostOptions host = new HostOptions();

  @Override
  public Integer call() throws TimeoutException, InterruptedException {
    TransportAddress at = address.address(TransportAddress.DISCOVERY_PORT);
    try (Initiator initiator = Session.start(host)) {
      DiscoveryLogPage log =
          Session.await(initiator.discover(at), address.timeoutMs(), "discovery at " + at);
      global.print(json(log), out -> table(out, at, log));
    }
    return 0;
  }

  static void table(PrintWriter out, TransportAddress at, DiscoveryLogPage log) {
    if (log.entries().isEmpty()) {
      out.println("The discovery controller at " + at + " offers this host nothing.");
      return;
    }
    Table table = new Table("ADDRESS", "KIND", "SECURITY", "!SUBSYSTEM");
    for (DiscoveryLogEntry entry : log.entries()) {
      table.row(where(entry), kind(entry), security(entry), entry.text(Field.SUBNQN));
    }
    table.print(out, "");
  }

  static Map<String, Object> json(DiscoveryLogPage log) {
    List<Object> records = new ArrayList<>();
    for (DiscoveryLogEntry entry : log.entries()) {
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("trtype", entry.isTcp() ? "tcp" : entry.show(Field.TRTYPE));
      record.put("adrfam", family(entry));
      record.put("subtype", subtype(entry));
      record.put("treq", entry.value(Field.TREQ));
      record.put("portid", entry.value(Field.PORTID));
      record.put("traddr", entry.text(Field.TRADDR));
      record.put("trsvcid", entry.text(Field.TRSVCID));
      record.put("subnqn", entry.text(Field.SUBNQN));
      record.put("cntlid", entry.value(Field.CNTLID));
      record.put("eflags", entry.value(Field.EFLAGS));
      record.put("sectype", entry.value(Field.SECTYPE));
      records.add(record);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("genctr", log.generation());
    all.put("records", records);
    return all;
  }

  private static String where(DiscoveryLogEntry entry) {
    TransportAddress address = entry.address();
    return address != null
        ? address.toString()
        : entry.text(Field.TRADDR) + " " + entry.text(Field.TRSVCID);
  }

  private static String kind(DiscoveryLogEntry entry) {
    return switch (entry.subtype()) {
      case DiscoveryLogEntry.REFERRAL -> "referral";
      case DiscoveryLogEntry.NVM_SUBSYSTEM -> "nvme";
      case DiscoveryLogEntry.CURRENT_DISCOVERY -> "discovery";
      default -> "type " + entry.subtype();
    };
  }

  private static String family(DiscoveryLogEntry entry) {
    long family = entry.value(Field.ADRFAM);
    return family == TransportAddress.IPV4 ? "ipv4" : family == TransportAddress.IPV6 ? "ipv6" : "";
  }

  private static String security(DiscoveryLogEntry entry) {
    if (entry.requiresTls()) {
      return "TLS";
    }
    return entry.offersTls() ? "TLS possible" : "none";
  }

  /** In nvme-cli's words. */
  private static String subtype(DiscoveryLogEntry entry) {
    return switch (entry.subtype()) {
      case DiscoveryLogEntry.REFERRAL -> "discovery subsystem referral";
      case DiscoveryLogEntry.NVM_SUBSYSTEM -> "nvme subsystem";
      case DiscoveryLogEntry.CURRENT_DISCOVERY -> "current discovery subsystem";
      default -> "subtype " + entry.subtype();
    };
  }
}
