package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Discovery is announced by multicast DNS, on the loopback network, as long as that is wanted. */
@Covers("discovery.mdns")
class AnnouncedTest {
  @RegisterExtension final Evidence evidence = new Evidence();

  private static Set<Integer> announced() {
    Set<Integer> ports = new TreeSet<>();
    try (JmDNS browser = JmDNS.create(InetAddress.getLoopbackAddress(), "browser")) {
      for (ServiceInfo each : browser.list("_nvme-disc._tcp.local.", 1000)) {
        ports.add(each.getPort());
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void asLongAsItIsWanted() {
    TransportAddress any = new TransportAddress("127.0.0.1", 0);
    TargetSpec silent =
        Served.on(1)
            .withMemory(1 << 20, 4096)
            .listening(0)
            .withDiscovery(new DiscoverySpec(List.of(any)));
    MoraTarget target = evidence.closing(TargetFixture.start(silent)).target();
    int port = target.listeners().get(0).address().getPort();
    int ioPort = target.listeners().get(1).address().getPort();
    assertThat(announced()).doesNotContain(port);
    TargetSpec speaking = silent.withDiscovery(silent.discovery().withMdns(true));
    assertThat(target.apply(speaking).problems()).isEmpty();
    Waiting.until("announced", () -> announced().contains(port));
    assertThat(announced()).doesNotContain(ioPort);
    assertThat(target.apply(silent).problems()).isEmpty();
    Waiting.until("taken back", () -> !announced().contains(port));
    // Where discovery is on the I/O listeners only, they are announced.
    TargetSpec together = silent.withDiscovery(DiscoverySpec.NONE.withMdns(true));
    assertThat(target.apply(together).problems()).isEmpty();
    Waiting.until("announced", () -> announced().contains(ioPort));
  }
}
