package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import java.util.ArrayDeque;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How long a key counts that a proof has made. */
class GeneratedKeysTest {
  private static final long S = 1_000_000_000L;
  private static final long IDLE_NS = GeneratedKeys.IDLE_S * S;
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:subsystem");

  private final ArrayDeque<Runnable> later = new ArrayDeque<>();
  private long nowNs;
  private final GeneratedKeys keys = new GeneratedKeys(() -> nowNs, later::add);

  private static TlsKey key(int host, int number) {
    byte[] session = {(byte) number, (byte) (number >>> 8)};
    Nqn nqn = new Nqn("nqn.2026-11.io.mora:host-" + host);
    return TlsKey.generated(TlsHash.SHA256, session, session, session, nqn, SUBSYSTEM);
  }

  private static TlsKey key(int number) {
    return key(number, number);
  }

  private void add(TlsKey key) {
    keys.add(key, null, () -> true);
  }

  private boolean counts(PskIdentity identity) {
    TlsKey found = keys.find(identity);
    assertThat(found == null ? identity : found.identity()).isEqualTo(identity);
    return found != null;
  }

  @Test
  void itCountsForAWhileAndAsLongAsItsConnections() {
    PskIdentity identity = key(1).identity();
    add(key(1));
    nowNs = IDLE_NS;
    assertThat(counts(identity)).isTrue();
    nowNs++;
    assertThat(counts(identity)).as("never used").isFalse();
    nowNs--;
    Runnable one = keys.opened(identity);
    Runnable other = keys.opened(identity);
    nowNs = 100 * IDLE_NS;
    assertThat(counts(identity)).isTrue();
    one.run();
    nowNs = 200 * IDLE_NS;
    assertThat(counts(identity)).as("one is open").isTrue();
    other.run();
    nowNs = 201 * IDLE_NS;
    assertThat(counts(identity)).isTrue();
    nowNs = 202 * IDLE_NS;
    assertThat(counts(identity)).isFalse();
  }

  @Test
  void whatIsOverIsSweptAndOverwritten() {
    TlsKey idle = key(1);
    TlsKey used = key(2);
    add(idle);
    add(used);
    assertThat(later).as("one sweep at a time").hasSize(1);
    Runnable end = keys.opened(used.identity());
    nowNs = IDLE_NS + S;
    later.remove().run();
    assertThat(keys.size()).isEqualTo(1);
    assertThatThrownBy(idle::copy).hasMessageContaining("was forgotten");
    assertThat(later).as("nothing is idle").isEmpty();
    end.run();
    nowNs += IDLE_NS + S;
    later.remove().run();
    assertThat(keys.size()).isZero();
    assertThatThrownBy(used::copy).hasMessageContaining("was forgotten");
    assertThat(later).isEmpty();
  }

  @Test
  void aNewOneTakesThePlaceOfTheOldAndLivesByItsConnections() {
    TlsKey old = key(1, 1);
    add(old);
    Runnable end = keys.opened(old.identity());
    PskIdentity now = key(1, 2).identity();
    keys.add(key(1, 2), old.identity(), () -> true);
    assertThat(counts(old.identity())).isFalse();
    assertThatThrownBy(old::copy).hasMessageContaining("was forgotten");
    nowNs = 10 * IDLE_NS;
    assertThat(counts(now)).isTrue();
    end.run();
    nowNs = 12 * IDLE_NS;
    assertThat(counts(now)).isFalse();
  }

  @Test
  void theyGoWithTheSecret() {
    add(key(1));
    add(key(2));
    keys.forget(host -> host.value().endsWith("host-1"));
    assertThat(counts(key(1).identity())).isFalse();
    assertThat(counts(key(2).identity())).isTrue();
    TlsKey late = key(3);
    keys.add(late, null, () -> false);
    assertThat(counts(late.identity())).as("made by a secret of before").isFalse();
    assertThatThrownBy(late::copy).hasMessageContaining("was forgotten");
  }

  @Test
  void whatIsInUseOutlivesItsEntry() {
    add(key(1));
    TlsKey inUse = Objects.requireNonNull(keys.find(key(1).identity()));
    keys.forget(host -> true);
    assertThat(inUse.copy().identity()).isEqualTo(key(1).identity());
    keys.opened(key(1).identity()).run();
    assertThat(keys.size()).isZero();
  }

  @Test
  void oneHostHasNoMoreThanSoMany() {
    add(key(99));
    add(key(1, 0));
    Runnable end = keys.opened(key(1, 0).identity());
    for (int i = 1; i <= GeneratedKeys.PER_HOST_MAX; i++) {
      nowNs = i;
      add(key(1, i));
    }
    assertThat(keys.size()).isEqualTo(1 + GeneratedKeys.PER_HOST_MAX);
    assertThat(counts(key(1, 0).identity())).as("one in use").isTrue();
    assertThat(counts(key(1, 1).identity())).as("the one idle longest").isFalse();
    assertThat(counts(key(99).identity())).as("another host's").isTrue();
    end.run();
    add(key(1, 1000));
    assertThat(counts(key(1, 2).identity())).as("idle longer than the one just closed").isFalse();
    assertThat(counts(key(1, 0).identity())).isTrue();
  }

  @Test
  void thereAreNoMoreThanSoMany() {
    for (int i = 0; i <= GeneratedKeys.TOTAL_MAX; i++) {
      add(key(i));
    }
    assertThat(keys.size()).isEqualTo(GeneratedKeys.TOTAL_MAX);
    assertThat(counts(key(0).identity())).as("the one idle longest").isFalse();
    assertThat(counts(key(1).identity())).isTrue();
  }
}
