package io.mora.target.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** On the loopback network, where a browser of the same library looks for it. */
class AnnouncerTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Of this test's ports: others on the machine may announce theirs. */
  private static final Set<Integer> OURS = Set.of(20_809, 20_810);

  private static Set<Integer> found(JmDNS browser) {
    Set<Integer> ports = new TreeSet<>();
    for (ServiceInfo each : browser.list(Announcer.TYPE, 1000)) {
      if (OURS.contains(each.getPort())) {
        ports.add(each.getPort());
        assertThat(each.getPropertyString("p")).isEqualTo("tcp");
        assertThat(each.getPropertyString("nqn")).isEqualTo("nqn.2014-08.org.nvmexpress.discovery");
        assertThat(Arrays.asList(each.getInetAddresses())).contains(LOOPBACK);
      }
    }
    return ports;
  }

  private static void awaitFound(Integer... ports) throws IOException {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              // A new one each time: what is taken back stays in a browser's memory for a while.
              try (JmDNS browser = JmDNS.create(LOOPBACK, "browser")) {
                assertThat(found(browser)).containsExactly(ports);
              }
            });
  }

  @Test
  void servicesComeAndGo() throws IOException {
    try (Announcer announcer = new Announcer()) {
      InetSocketAddress first = new InetSocketAddress(LOOPBACK, 20_809);
      InetSocketAddress second = new InetSocketAddress(LOOPBACK, 20_810);
      announcer.announce(List.of(first));
      awaitFound(20_809);
      announcer.announce(List.of(first, second));
      awaitFound(20_809, 20_810);
      announcer.announce(List.of(second));
      awaitFound(20_810);
    }
    awaitFound();
  }

  @Test
  void aWildcardIsWhatOthersReach() throws IOException {
    Map<InetAddress, Set<Integer>> ports =
        LocalAddresses.expand(
            Set.of(
                new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 8009),
                new InetSocketAddress(LOOPBACK, 8010)));
    assertThat(ports).containsEntry(LOOPBACK, Set.of(8010));
    assertThat(ports.keySet()).noneMatch(InetAddress::isAnyLocalAddress);
    assertThat(ports.size()).isLessThanOrEqualTo(LocalAddresses.ADDRESSES_MAX);
    ports.forEach(
        (address, at) -> assertThat(at).isEqualTo(Set.of(address.equals(LOOPBACK) ? 8010 : 8009)));
  }

  private static InetAddress address(int last) throws IOException {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  /** A machine with more addresses than are announced: it is the same ones every time. */
  @Test
  void whatIsNamedComesFirstAndThenTheLowest() throws IOException {
    List<InetAddress> networks = new ArrayList<>();
    for (int last = 200; last > 100; last--) {
      networks.add(address(last));
    }
    InetAddress any = InetAddress.getByAddress(new byte[4]);
    Set<InetSocketAddress> services = new HashSet<>();
    services.add(new InetSocketAddress(any, 8009));
    services.add(new InetSocketAddress(any, 8010));
    services.add(new InetSocketAddress(address(250), 8011));
    services.add(new InetSocketAddress(address(150), 8012));
    Map<InetAddress, Set<Integer>> expected = new HashMap<>();
    expected.put(address(250), Set.of(8011));
    expected.put(address(150), Set.of(8009, 8010, 8012));
    for (int last = 101; expected.size() < LocalAddresses.ADDRESSES_MAX; last++) {
      expected.put(address(last), Set.of(8009, 8010));
    }
    assertThat(LocalAddresses.expand(services, ipv6 -> networks)).isEqualTo(expected);
  }
}
