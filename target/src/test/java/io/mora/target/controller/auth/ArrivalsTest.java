package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.LimitsSpec;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Who may come in: so many, and so many a second, from one address and from all. */
class ArrivalsTest {
  private static final long S = 1_000_000_000L;

  private static LimitsSpec limits(int open, int perSecond, int openOfOne, int perSecondOfOne) {
    return LimitsSpec.DEFAULT.withArrivals(
        open, perSecond, new LimitsSpec.PerAddress(openOfOne, perSecondOfOne));
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (last >> 8), (byte) last});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static int admitted(Arrivals arrivals, InetAddress from, long nowNs, int tries) {
    int in = 0;
    for (int i = 0; i < tries; i++) {
      in += arrivals.refusal(from, nowNs) == null ? 1 : 0;
    }
    return in;
  }

  @Example
  void oneAddressLeavesRoomForOthers() {
    Arrivals arrivals = new Arrivals(limits(16, 0, 0, 0));
    assertThat(admitted(arrivals, address(1), 0, 20)).as("all but an eighth").isEqualTo(14);
    assertThat(arrivals.refusal(address(1), 0))
        .isEqualTo("limits.perAddress.connections: 14 are open from there");
    assertThat(admitted(arrivals, address(2), 0, 20)).isEqualTo(2);
    assertThat(arrivals.refusal(address(2), 0)).isEqualTo("limits.connections: 16 are open");
    arrivals.left(address(1), 0);
    assertThat(admitted(arrivals, address(2), 0, 20)).isEqualTo(1);
  }

  /** After a rest as many at once as may be open; those that come and go without end, evenly. */
  @Example
  void whoComesAndGoesTooFastWaits() {
    Arrivals arrivals = new Arrivals(limits(1000, 0, 20, 10));
    long now = Long.MAX_VALUE - S; // clocks wrap
    assertThat(churned(arrivals, address(1), now, 100)).as("at once").isEqualTo(20);
    assertThat(arrivals.refusal(address(1), now))
        .isEqualTo("limits.perAddress.connectsPerSecond: more than 10 a second from there");
    assertThat(churned(arrivals, address(2), now, 100)).as("others").isEqualTo(20);
    assertThat(churned(arrivals, address(1), now + S, 100)).as("after a second").isEqualTo(10);
    assertThat(churned(arrivals, address(1), now + 9 * S, 100)).as("much later").isEqualTo(20);
  }

  /** So many of those that come are let in, and leave at once. */
  private static int churned(Arrivals arrivals, InetAddress from, long nowNs, int tries) {
    int in = 0;
    for (int i = 0; i < tries; i++) {
      if (arrivals.refusal(from, nowNs) == null) {
        arrivals.left(from, nowNs);
        in++;
      }
    }
    return in;
  }

  @Example
  void allTogetherComeNoFasterEither() {
    Arrivals arrivals = new Arrivals(limits(20, 10, 20, 0));
    int in = 0;
    for (int i = 0; i < 50; i++) {
      in += churned(arrivals, address(i), 0, 1);
    }
    assertThat(in).isEqualTo(20);
    assertThat(arrivals.refusal(address(99), 0))
        .isEqualTo("limits.connectsPerSecond: more than 10 a second");
    assertThat(arrivals.refusal(address(99), S)).isNull();
  }

  /**
   * Linux hosts behind one address, in step: each opens all its queues, leaves when one is refused,
   * and all come again after the same time.
   */
  @Example
  void hostsThatComeInStepAllGetIn() {
    int hosts = 50;
    int queues = 65;
    Arrivals arrivals = new Arrivals(LimitsSpec.DEFAULT);
    long now = 0;
    boolean[] in = new boolean[hosts];
    for (int attempt = 0; attempt < 5; attempt++) {
      int[] got = new int[hosts];
      for (int queue = 0; queue < queues; queue++) {
        for (int host = 0; host < hosts; host++) {
          if (!in[host] && got[host] == queue && arrivals.refusal(address(1), now) == null) {
            got[host]++;
          }
        }
      }
      for (int host = 0; host < hosts; host++) {
        in[host] |= got[host] == queues;
        for (int left = in[host] ? 0 : got[host]; left > 0; left--) {
          arrivals.left(address(1), now);
        }
      }
      now += 10 * S;
    }
    assertThat(in).doesNotContain(false);
  }

  /** A machine has all addresses of its /64. */
  @Example
  void ipv6AddressesOfANetworkAreOne() throws UnknownHostException {
    Arrivals arrivals = new Arrivals(limits(16, 0, 2, 0));
    assertThat(arrivals.refusal(ipv6("2001:db8::1"), 0)).isNull();
    assertThat(arrivals.refusal(ipv6("2001:db8::ffff:ffff:ffff:fffe"), 0)).isNull();
    assertThat(arrivals.refusal(ipv6("2001:db8::2"), 0))
        .isEqualTo("limits.perAddress.connections: 2 are open from its /64");
    assertThat(admitted(arrivals, ipv6("2001:db8:0:1::1"), 0, 3)).as("another").isEqualTo(2);
    arrivals.left(ipv6("2001:db8::1"), 0);
    assertThat(admitted(arrivals, ipv6("2001:db8::3"), 0, 3)).isEqualTo(1);
  }

  @Example
  void anotherPrefixIsCountedWhereItIsAskedFor() throws UnknownHostException {
    LimitsSpec limits =
        LimitsSpec.DEFAULT.withArrivals(16, 0, new LimitsSpec.PerAddress(2, 0, 128));
    Arrivals arrivals = new Arrivals(limits);
    assertThat(admitted(arrivals, ipv6("2001:db8::1"), 0, 3)).isEqualTo(2);
    assertThat(admitted(arrivals, ipv6("2001:db8::2"), 0, 3)).isEqualTo(2);
    assertThat(arrivals.refusal(ipv6("2001:db8::2"), 0)).endsWith("2 are open from there");
  }

  private static InetAddress ipv6(String address) throws UnknownHostException {
    return InetAddress.getByName(address);
  }

  @Example
  void anIpv4AddressBehindIpv6IsThatAddress() throws UnknownHostException {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
    InetAddress behind = Inet6Address.getByAddress("", mapped, 1);
    assertThat(behind).isInstanceOf(Inet6Address.class);
    Arrivals arrivals = new Arrivals(limits(16, 0, 2, 0));
    assertThat(arrivals.refusal(behind, 0)).isNull();
    assertThat(arrivals.refusal(address(1), 0)).isNull();
    assertThat(arrivals.refusal(address(1), 0))
        .isEqualTo("limits.perAddress.connections: 2 are open from there");
    arrivals.left(behind, 0);
    arrivals.left(address(1), 0);
    assertThat(arrivals.remembered()).isZero();
  }

  @Property(tries = 200)
  void countsAreExactAndMemoryIsBounded(@ForAll long seed) {
    Random random = new Random(seed);
    int most = 2 + random.nextInt(20);
    int mostOfOne = 1 + random.nextInt(most);
    Arrivals arrivals = new Arrivals(limits(most, 0, mostOfOne, random.nextInt(3)));
    Map<Integer, Integer> open = new HashMap<>();
    long now = random.nextLong();
    for (int i = 0; i < 500; i++) {
      now += random.nextInt(1_000_000_000);
      int who = random.nextInt(40);
      int sum = open.values().stream().mapToInt(Integer::intValue).sum();
      int own = open.getOrDefault(who, 0);
      if (own > 0 && random.nextBoolean()) {
        arrivals.left(address(who), now);
        open.put(who, own - 1);
      } else if (arrivals.refusal(address(who), now) == null) {
        assertThat(sum).isLessThan(most);
        assertThat(own).isLessThan(mostOfOne);
        open.put(who, own + 1);
      }
      assertThat(arrivals.remembered()).isLessThanOrEqualTo(most);
    }
    long end = now;
    open.forEach(
        (who, count) -> {
          for (int left = count; left > 0; left--) {
            arrivals.left(address(who), end);
          }
        });
    assertThat(admitted(arrivals, address(1), end + 3600 * S, most + 1)).isEqualTo(mostOfOne);
  }
}
