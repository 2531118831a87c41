package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsPsk;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose key is asked for, how many may knock, and who has to wait. */
class TlsDoorTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Nqn HOST = new Nqn("nqn.2026-01.example:h");
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-01.example:s");
  private static final TlsPsk PSK = TlsPsk.generate(TlsHash.SHA256, RANDOM);
  private static final TlsPsk NEXT = TlsPsk.generate(TlsHash.SHA384, RANDOM);
  private static final TlsPsk OTHER = TlsPsk.generate(TlsHash.SHA256, RANDOM);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private long nowNs;

  private final TlsDoor door =
      new TlsDoor(
          List.of(new HostSpec(HOST).with(TlsSpec.of(NEXT).withPrevious(PSK))),
          Runnable::run,
          LimitsSpec.DEFAULT,
          () -> nowNs);

  private static PskIdentity identity(TlsPsk psk, int version) {
    return TlsKey.of(psk, version, HOST, SUBSYSTEM).identity();
  }

  @Test
  void eachKeyOfAHostIsFoundByEachOfItsNames() throws TlsException {
    for (TlsPsk psk : List.of(PSK, NEXT)) {
      for (int version = 0; version < 2; version++) {
        PskIdentity offered = identity(psk, version);
        TlsKey found =
            door.knock(HERE, TlsPolicy.REQUIRED).choose(List.of(identity(OTHER, 1), offered));
        assertThat(found.identity()).isEqualTo(offered);
      }
    }
  }

  @Test
  void whyThereIsNoneIsSaid() {
    TlsDoor.Knock knock = door.knock(HERE, TlsPolicy.REQUIRED);
    assertThatThrownBy(() -> knock.choose(List.of(identity(OTHER, 1))))
        .hasMessageContaining("is another");
    PskIdentity stranger =
        TlsKey.of(PSK, 1, new Nqn("nqn.2026-01.example:x"), SUBSYSTEM).identity();
    assertThatThrownBy(() -> knock.choose(List.of(stranger)))
        .hasMessageContaining("no TLS key of nqn.2026-01.example:x");
    assertThatThrownBy(() -> knock.choose(List.of())).isInstanceOf(TlsException.class);
  }

  @Test
  void whoFailsOftenHasToWaitUntilItSucceeds() throws TlsException {
    PskIdentity named = identity(PSK, 0);
    TlsDoor.Knock early = door.knock(HERE, TlsPolicy.REQUIRED);
    early.choose(List.of(named));
    for (int i = 0; i < BackOff.FREE; i++) {
      TlsDoor.Knock knock = door.knock(HERE, TlsPolicy.REQUIRED);
      knock.choose(List.of(named));
      knock.failed();
    }
    isHeld(named);
    nowNs = BackOff.FIRST_NS - 1;
    isHeld(named);
    // Attempts that were held did not make it longer.
    nowNs = BackOff.FIRST_NS;
    assertThat(door.knock(HERE, TlsPolicy.REQUIRED).choose(List.of(named)).identity())
        .isEqualTo(named);
    nowNs = 0;
    isHeld(named);
    early.proved();
    assertThat(door.knock(HERE, TlsPolicy.REQUIRED).choose(List.of(named)).identity())
        .isEqualTo(named);
  }

  @Test
  void aKeyMadeByAProofCountsWhereOthersAreNotDemanded() throws TlsException {
    byte[] some = {1, 2, 3};
    TlsKey made = TlsKey.generated(TlsHash.SHA256, some, some, some, HOST, SUBSYSTEM);
    List<PskIdentity> named = List.of(made.identity());
    door.generated().add(made, null, () -> true);
    for (TlsPolicy policy : List.of(TlsPolicy.ALLOWED, TlsPolicy.CONCATENATED)) {
      assertThat(door.knock(HERE, policy).choose(named).identity()).isEqualTo(made.identity());
    }
    TlsDoor.Knock strict = door.knock(HERE, TlsPolicy.REQUIRED);
    assertThatThrownBy(() -> strict.choose(named)).hasMessageContaining("only configured keys");
  }

  private void isHeld(PskIdentity named) {
    TlsDoor.Knock held = door.knock(HERE, TlsPolicy.REQUIRED);
    assertThatThrownBy(() -> held.choose(List.of(named)))
        .hasMessageContaining("has to wait")
        .isInstanceOfSatisfying(
            TlsException.class,
            told -> assertThat(told.alert()).as("no alert").isEqualTo(TlsException.NONE));
    held.failed();
  }

  @Test
  void moreThanSoManyOfAnAddressAreNotLetIn() throws TlsException {
    List<TlsDoor.Knock> open = new ArrayList<>();
    for (int i = 0; i < TlsDoor.PER_ADDRESS_MAX; i++) {
      TlsDoor.Knock knock = door.knock(HERE, TlsPolicy.REQUIRED);
      knock.begin();
      open.add(knock);
    }
    assertThatThrownBy(() -> door.knock(HERE, TlsPolicy.REQUIRED).begin())
        .hasMessageContaining("too many");
    open.forEach(TlsDoor.Knock::ended);
    TlsDoor.Knock again = door.knock(HERE, TlsPolicy.REQUIRED);
    again.begin();
    again.ended();
  }

  @Test
  void theAddressesOfAnIpv6NetworkAreOne() throws TlsException, UnknownHostException {
    for (int i = 0; i < TlsDoor.PER_ADDRESS_MAX; i++) {
      door.knock(InetAddress.getByName("2001:db8::" + i), TlsPolicy.REQUIRED).begin();
    }
    InetAddress another = InetAddress.getByName("2001:db8::ffff");
    assertThatThrownBy(() -> door.knock(another, TlsPolicy.REQUIRED).begin())
        .hasMessageContaining("too many");
    door.knock(InetAddress.getByName("2001:db8:0:1::1"), TlsPolicy.REQUIRED).begin();
  }
}
