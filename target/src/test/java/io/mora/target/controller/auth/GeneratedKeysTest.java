package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
    assertThat(keys.add(key, null, () -> true)).isTrue();
  }

  private Runnable opened(TlsKey key) {
    return Objects.requireNonNull(keys.opened(key.identity()), "it does not count");
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
    Runnable one = opened(key(1));
    Runnable other = opened(key(1));
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
    Runnable end = opened(used);
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
    Runnable end = opened(old);
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
    assertThat(keys.add(late, null, () -> false)).isFalse();
    assertThat(counts(late.identity())).as("made by a secret of before").isFalse();
    assertThatThrownBy(late::copy).hasMessageContaining("was forgotten");
  }

  @Test
  void whatIsForgottenDuringAHandshakeOpensNothing() {
    add(key(1));
    TlsKey inUse = Objects.requireNonNull(keys.find(key(1).identity()));
    assertThat(keys.counts(key(1).identity())).isTrue();
    keys.forget(host -> true);
    assertThat(inUse.copy().identity()).as("its handshake ends").isEqualTo(key(1).identity());
    assertThat(keys.opened(key(1).identity())).isNull();
    assertThat(keys.counts(key(1).identity())).isFalse();
    assertThat(keys.size()).isZero();
  }

  @Test
  void ofTwoAssociationsByOneKeyTheFirstTakesItsConnections() {
    add(key(1, 1));
    Runnable first = opened(key(1, 1));
    Runnable second = opened(key(1, 1));
    assertThat(keys.add(key(1, 2), key(1, 1).identity(), () -> true)).isTrue();
    assertThat(keys.add(key(1, 3), key(1, 1).identity(), () -> true)).isTrue();
    nowNs = IDLE_NS + 1;
    assertThat(counts(key(1, 2).identity())).isTrue();
    assertThat(counts(key(1, 3).identity())).as("it began without connections").isFalse();
    first.run();
    second.run();
    nowNs += IDLE_NS + 1;
    assertThat(counts(key(1, 2).identity())).isFalse();
  }

  @Test
  void whereAllAreInUseTheOldestGoes() {
    ArrayDeque<Runnable> ends = new ArrayDeque<>();
    for (int i = 0; i < GeneratedKeys.PER_HOST_MAX; i++) {
      add(key(1, i));
      ends.add(opened(key(1, i)));
    }
    add(key(1, 1000));
    assertThat(keys.size()).isEqualTo(GeneratedKeys.PER_HOST_MAX);
    assertThat(counts(key(1, 0).identity())).isFalse();
    assertThat(counts(key(1, 1).identity())).isTrue();
    assertThat(counts(key(1, 1000).identity())).isTrue();
    ends.forEach(Runnable::run);
    assertThat(keys.size()).as("its end does no harm").isEqualTo(GeneratedKeys.PER_HOST_MAX);
    nowNs = IDLE_NS + 1;
    later.remove().run();
    assertThat(keys.size()).as("more than are swept at once").isZero();
  }

  @Test
  void aSweepThatFindsNoRoomIsAskedForAgain() {
    ArrayDeque<Runnable> taken = new ArrayDeque<>();
    AtomicBoolean full = new AtomicBoolean(true);
    GeneratedKeys some =
        new GeneratedKeys(
            () -> nowNs,
            task -> {
              if (full.get()) {
                throw new RejectedExecutionException("no room");
              }
              taken.add(task);
            });
    assertThat(some.add(key(1), null, () -> true)).isTrue();
    full.set(false);
    assertThat(some.add(key(2), null, () -> true)).isTrue();
    nowNs = IDLE_NS + 1;
    taken.remove().run();
    assertThat(some.size()).isZero();
  }

  @Test
  void oneHostHasNoMoreThanSoMany() {
    add(key(99));
    add(key(1, 0));
    Runnable end = opened(key(1, 0));
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
