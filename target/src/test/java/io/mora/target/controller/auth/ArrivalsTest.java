package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.LimitsSpec;
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
    assertThat(arrivals.refusal(address(1), 0)).isEqualTo("14 are open from there");
    assertThat(admitted(arrivals, address(2), 0, 20)).isEqualTo(2);
    assertThat(arrivals.refusal(address(2), 0)).isEqualTo("16 are open");
    arrivals.left(address(1), 0);
    assertThat(admitted(arrivals, address(2), 0, 20)).isEqualTo(1);
  }

  @Example
  void whoComesTooFastWaits() {
    Arrivals arrivals = new Arrivals(limits(1000, 0, 1000, 10));
    long now = Long.MAX_VALUE - S; // clocks wrap
    assertThat(admitted(arrivals, address(1), now, 100)).as("at once").isEqualTo(20);
    assertThat(arrivals.refusal(address(1), now)).isEqualTo("more than 10 a second from there");
    assertThat(admitted(arrivals, address(2), now, 100)).as("others").isEqualTo(20);
    assertThat(admitted(arrivals, address(1), now + S, 100)).as("after a second").isEqualTo(10);
    assertThat(admitted(arrivals, address(1), now + 9 * S, 100)).as("much later").isEqualTo(20);
  }

  @Example
  void allTogetherComeNoFasterEither() {
    Arrivals arrivals = new Arrivals(limits(1000, 10, 1000, 0));
    int in = 0;
    for (int i = 0; i < 50; i++) {
      in += admitted(arrivals, address(i), 0, 1);
    }
    assertThat(in).isEqualTo(20);
    assertThat(arrivals.refusal(address(99), 0)).isEqualTo("more a second than may come");
    assertThat(arrivals.refusal(address(99), S)).isNull();
  }

  /** 2001:db8:0:network::last. */
  private static InetAddress ofNetwork(int network, int last) throws UnknownHostException {
    byte[] bytes = {0x20, 1, 0xD, (byte) 0xB8, 0, 0, 0, (byte) network, 0, 0, 0, 0, 0, 0, 0, 0};
    bytes[15] = (byte) last;
    return InetAddress.getByAddress(bytes);
  }

  @Example
  void anIpv6NetworkIsOneAddress() throws UnknownHostException {
    Arrivals arrivals = new Arrivals(limits(16, 0, 2, 0));
    for (int i = 1; i <= 2; i++) {
      assertThat(arrivals.refusal(ofNetwork(0, i), 0)).isNull();
    }
    assertThat(arrivals.refusal(ofNetwork(0, 3), 0)).isNotNull();
    assertThat(arrivals.refusal(ofNetwork(1, 3), 0)).isNull();
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
  }
}
