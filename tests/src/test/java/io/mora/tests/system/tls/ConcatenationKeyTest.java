package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A key that a proof has made: what it opens, what it does not, and until when. */
@Covers("auth.tls")
class ConcatenationKeyTest extends RawConcatenation {
  private static final int CONTROLLER_BUSY = 0x181;
  private static final int CONNECT_INVALID_PARAMETERS = 0x182;

  @Test
  void theKeyOpensTlsForItsNamesOnly() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey key = made(target);
    goesOn(queue(target, key));
    Nqn other = new Nqn(Served.SUBSYSTEM.value() + "-other");
    assertThat(connect(secured(target, key), Served.SUBSYSTEM, NEIGHBOUR).code())
        .as("another host")
        .isEqualTo(CONNECT_INVALID_PARAMETERS);
    assertThat(connect(secured(target, key), other, HOST).code())
        .as("another subsystem")
        .isEqualTo(CONNECT_INVALID_PARAMETERS);
    assertThat(connect(secured(target, key), Nqn.DISCOVERY, HOST).code())
        .as("discovery is another")
        .isEqualTo(CONNECT_INVALID_PARAMETERS);
  }

  @Test
  void aKeyThatNobodyMadeOpensNothing() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    byte[] guess = bytes();
    for (Nqn name : List.of(HOST, NEIGHBOUR, new Nqn("nqn.2026-11.io.mora:nobody"))) {
      opensNothing(
          target, TlsKey.generated(TlsHash.SHA256, guess, guess, guess, name, Served.SUBSYSTEM));
    }
  }

  @Test
  void aKeyGoesWithTheSecretThatMadeIt() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey key = made(target);
    RawHost host = queue(target, key);
    changes(target, withAnotherSecret());
    opensNothing(target, key);
    goesOn(host);
  }

  /** Over TLS already, but not connected, when the secret changes or goes. */
  @Test
  void whoHasNotConnectedYetIsNotLetInByAForgottenKey() {
    for (HostSpec now : List.of(withAnotherSecret(), new HostSpec(HOST))) {
      TargetFixture target = target(TlsPolicy.CONCATENATED);
      TlsKey key = made(target);
      RawHost connected = queue(target, key);
      RawHost late = secured(target, key);
      changes(target, now);
      assertThat(connect(late, Served.SUBSYSTEM, HOST).code()).isEqualTo(CONTROLLER_BUSY);
      goesOn(connected);
    }
  }

  @Test
  void whereAConfiguredKeyIsRequiredThatOfAProofOpensNothing() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey key = made(target);
    RawHost host = queue(target, key);
    TargetSpec spec = target.target().spec();
    List<ListenerSpec> strict =
        spec.listeners().stream().map(each -> each.withTls(TlsPolicy.REQUIRED)).toList();
    assertThat(target.target().apply(spec.withListeners(strict)).isApplied()).isTrue();
    opensNothing(target, key);
    goesOn(host);
    assertThat(target.target().apply(spec).isApplied()).isTrue();
    goesOn(queue(target, key));
  }

  @Test
  void overTlsANewKeyTakesThePlaceOfTheOld() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey first = made(target);
    RawHost host = queue(target, first);
    TlsKey second = makes(host, REPLACE);
    opensNothing(target, first);
    TlsKey third = makesMutually(host, REPLACE);
    opensNothing(target, second);
    goesOn(host);
    goesOn(queue(target, third));
    failed(RawChap.exchange(host, offer(NEW)), MISMATCH);
  }
}
