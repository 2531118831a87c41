package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private static final long SECOND = 1_000_000_000L;

  private final BackOff backOff = new BackOff();

  private static BackOff.Source source(int host, int address) {
    try {
      byte[] ip = {10, 0, (byte) (address >>> 8), (byte) address};
      return new BackOff.Source(new Nqn("host-" + host), InetAddress.getByAddress(ip));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fail(BackOff.Source source, int times, long nowNs) {
    for (int i = 0; i < times; i++) {
      backOff.failed(source, nowNs);
    }
  }

  @Test
  void theFirstFailuresAreFree() {
    fail(source(1, 1), BackOff.FREE - 1, 0);
    assertThat(backOff.holds(source(1, 1), 0)).isFalse();
    fail(source(1, 1), 1, 0);
    assertThat(backOff.holds(source(1, 1), SECOND - 1)).isTrue();
    assertThat(backOff.holds(source(1, 1), SECOND)).isFalse();
  }

  @Test
  void eachMoreDoublesTheWaitUpToTheLongest() {
    BackOff.Source source = source(1, 1);
    fail(source, BackOff.FREE + 3, 0);
    assertThat(backOff.holds(source, 8 * SECOND - 1)).isTrue();
    assertThat(backOff.holds(source, 8 * SECOND)).isFalse();
    fail(source, 1000, 0);
    assertThat(backOff.holds(source, BackOff.LONGEST_NS - 1)).isTrue();
    assertThat(backOff.holds(source, BackOff.LONGEST_NS)).isFalse();
  }

  @Test
  void nameAndAddressCountTogether() {
    fail(source(1, 1), 10, 0);
    assertThat(backOff.holds(source(1, 2), 1)).isFalse();
    assertThat(backOff.holds(source(2, 1), 1)).isFalse();
    assertThat(backOff.holds(source(1, 1), 1)).isTrue();
  }

  @Test
  void successAndTimeMakeItForget() {
    fail(source(1, 1), 10, 0);
    backOff.succeeded(source(1, 1));
    assertThat(backOff.holds(source(1, 1), 1)).isFalse();
    fail(source(1, 1), 10, 0);
    assertThat(backOff.holds(source(1, 1), BackOff.MEMORY_NS + 1)).isFalse();
    fail(source(1, 1), 1, BackOff.MEMORY_NS + 2);
    assertThat(backOff.holds(source(1, 1), BackOff.MEMORY_NS + 3)).isFalse();
  }

  @Test
  void itsMemoryIsBounded() {
    fail(source(1, 0), 10, 0);
    for (int i = 1; i <= BackOff.SOURCES_MAX; i++) {
      backOff.failed(source(1, i), 0);
    }
    assertThat(backOff.holds(source(1, 0), 1)).as("the oldest is forgotten").isFalse();
  }

  @Property
  void neverLongerThanTheLongest(@ForAll @IntRange(max = 200) int failures) {
    BackOff fresh = new BackOff();
    for (int i = 0; i < failures; i++) {
      fresh.failed(source(1, 1), 5);
    }
    assertThat(fresh.holds(source(1, 1), 5 + BackOff.LONGEST_NS)).isFalse();
    assertThat(fresh.holds(source(1, 1), 5)).isEqualTo(failures >= BackOff.FREE);
  }

  @Test
  void openProofsAreCountedBySourceAndTogether() {
    OpenHandshakes open = new OpenHandshakes(64);
    for (int i = 0; i < OpenHandshakes.PER_SOURCE_MAX; i++) {
      assertThat(open.begin(source(1, 1))).isTrue();
    }
    assertThat(open.begin(source(1, 1))).isFalse();
    int more = OpenHandshakes.TOTAL_MAX - OpenHandshakes.PER_SOURCE_MAX;
    for (int i = 0; i < more; i++) {
      assertThat(open.begin(source(2 + i, 1))).isTrue();
    }
    assertThat(open.begin(source(9999, 1))).isFalse();
    open.end(source(1, 1));
    assertThat(open.begin(source(9999, 1))).isTrue();
    assertThat(open.begin(source(1, 1))).isFalse();
  }

  @Test
  void openProofsOfAnIpv6NetworkAreCountedTogether() throws UnknownHostException {
    OpenHandshakes open = new OpenHandshakes(64);
    Nqn host = source(1, 1).host();
    for (int i = 0; i < OpenHandshakes.PER_SOURCE_MAX; i++) {
      InetAddress each = InetAddress.getByName("2001:db8::" + i);
      assertThat(open.begin(new BackOff.Source(host, each))).isTrue();
    }
    InetAddress another = InetAddress.getByName("2001:db8::ffff");
    assertThat(open.begin(new BackOff.Source(host, another))).isFalse();
    InetAddress elsewhere = InetAddress.getByName("2001:db8:0:1::1");
    assertThat(open.begin(new BackOff.Source(host, elsewhere))).isTrue();
    open.end(new BackOff.Source(host, another));
    assertThat(open.begin(new BackOff.Source(host, another))).isTrue();
  }
}
