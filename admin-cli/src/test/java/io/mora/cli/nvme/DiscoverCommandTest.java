package io.mora.cli.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.output.Json;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogEntry.Field;
import io.mora.protocol.data.log.DiscoveryLogPage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscoverCommandTest {
  private static final TransportAddress AT = new TransportAddress("192.0.2.7", 8009);

  private static DiscoveryLogEntry entry(int subtype, String port, String nqn) {
    return DiscoveryLogEntry.builder()
        .set(Field.TRTYPE, DiscoveryLogEntry.TRTYPE_TCP)
        .set(Field.ADRFAM, TransportAddress.IPV4)
        .set(Field.SUBTYPE, subtype)
        .set(Field.PORTID, 1)
        .set(Field.CNTLID, DiscoveryLogEntry.DYNAMIC)
        .set(Field.TRSVCID, port)
        .set(Field.TRADDR, "192.0.2.7")
        .set(Field.SUBNQN, nqn)
        .build();
  }

  private static final DiscoveryLogPage LOG =
      new DiscoveryLogPage(
          5,
          0,
          List.of(
              entry(
                  DiscoveryLogEntry.CURRENT_DISCOVERY,
                  "8009",
                  "nqn.2014-08.org.nvmexpress.discovery"),
              entry(DiscoveryLogEntry.NVM_SUBSYSTEM, "4420", "nqn.2026-11.io.mora:pages")));

  private static String table(DiscoveryLogPage log) {
    StringWriter out = new StringWriter();
    DiscoverCommand.table(new PrintWriter(out, true), AT, log);
    return out.toString();
  }

  @Test
  void table() {
    assertThat(table(LOG))
        .isEqualTo(
            """
            ADDRESS         KIND       SECURITY  SUBSYSTEM
            192.0.2.7:8009  discovery  none      nqn.2014-08.org.nvmexpress.discovery
            192.0.2.7:4420  nvme       none      nqn.2026-11.io.mora:pages
            """);
  }

  @Test
  void nothingIsSaidInWords() {
    assertThat(table(new DiscoveryLogPage(0, 0, List.of())))
        .isEqualTo("The discovery controller at 192.0.2.7:8009 offers this host nothing.\n");
  }

  @Test
  void json() {
    assertThat(Json.text(DiscoverCommand.json(LOG)).replaceAll("\\s+", " "))
        .contains("\"genctr\" : 5")
        .contains(
            "{ \"trtype\" : \"tcp\", \"adrfam\" : \"ipv4\", \"subtype\" : \"nvme subsystem\","
                + " \"treq\" : 0, \"portid\" : 1, \"traddr\" : \"192.0.2.7\","
                + " \"trsvcid\" : \"4420\", \"subnqn\" : \"nqn.2026-11.io.mora:pages\","
                + " \"cntlid\" : 65535, \"eflags\" : 0, \"sectype\" : 0 }");
  }
}
