package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The proof that makes a key for TLS, by raw bytes: what makes one, and what does not. */
@Covers("auth.tls")
class ConcatenationRefusalTest extends RawConcatenation {
  private static final int SHA512 = 3;

  /** Explanations of AUTH_Failure1. */
  private static final int FAILED = 1;

  private static final int HASH_UNUSABLE = 4;
  private static final int GROUP_UNUSABLE = 5;
  private static final int INCORRECT_PAYLOAD = 6;
  private static final int INCORRECT_MESSAGE = 7;

  private static final int AUTHENTICATION_REQUIRED = 0x191;

  /** More than may fail in a row before a host has to wait. */
  private static final int PROOFS = 6;

  /** At a target of its own: who fails often has to wait. */
  private void fails(byte[] offer, int explanation) {
    try (RawHost host = connected(target(TlsPolicy.CONCATENATED))) {
      failed(RawChap.exchange(host, offer), explanation);
    }
  }

  @Test
  void whatIsOfferedHasToMakeAKey() {
    fails(offer(0), MISMATCH);
    fails(offer(1), MISMATCH);
    fails(offer(REPLACE), MISMATCH);
    fails(offer(NEW, SHA512, FFDHE2048), HASH_UNUSABLE);
    fails(offer(NEW, SHA256, 0), GROUP_UNUSABLE);
    fails(offer(0xFF), MISMATCH);
  }

  @Test
  void noKeyIsMadeWhereNobodyCouldUseIt() {
    try (RawHost host = connected(target(TlsPolicy.NONE), ATR)) {
      failed(RawChap.exchange(host, offer(NEW)), MISMATCH);
    }
  }

  @Test
  void aKeyNeedsBothChallenges() {
    try (RawHost host = connected(target(TlsPolicy.CONCATENATED))) {
      byte[] reply = chap(NEW).reply(RawChap.exchange(host, offer(NEW)), false);
      reply[8] = 0; // CVALID
      failed(RawChap.exchange(host, reply), INCORRECT_PAYLOAD);
    }
  }

  @Test
  void whatIsAskedForIsPartOfTheProof() {
    TargetFixture target = target(TlsPolicy.ALLOWED);
    // Somebody in the middle has taken the wish for TLS out, or put it in.
    for (int[] saidAndMeant : new int[][] {{0, NEW}, {NEW, 0}}) {
      try (RawHost host = connected(target, ATR)) {
        byte[] challenge = RawChap.exchange(host, offer(saidAndMeant[0]));
        byte[] reply = chap(saidAndMeant[1]).reply(challenge, true);
        failed(RawChap.exchange(host, reply), FAILED);
      }
    }
  }

  @Test
  void theControllerProvesItselfWithTheKey() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey key;
    try (RawHost host = connected(target)) {
      key = makesMutually(host, NEW);
    }
    goesOn(queue(target, key));
  }

  @Test
  void aReplyIsGoodOnce() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    byte[] reply;
    try (RawHost host = connected(target)) {
      reply = chap(NEW).reply(RawChap.exchange(host, offer(NEW)), false);
      succeeded(RawChap.exchange(host, reply));
    }
    try (RawHost host = connected(target)) {
      RawChap.exchange(host, offer(NEW));
      failed(RawChap.exchange(host, reply), FAILED);
    }
  }

  @Test
  void onPlainTcpNothingIsServedAfterIt() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    try (RawHost host = connected(target)) {
      makes(host, NEW);
      assertThat(statusOf(host)).isEqualTo(AUTHENTICATION_REQUIRED);
      assertThat(host.run(Capsules.identify(2, 1, 0)).code()).isEqualTo(AUTHENTICATION_REQUIRED);
      failed(RawChap.exchange(host, offer(NEW)), INCORRECT_MESSAGE);
    }
    // The same where a proof alone would do: who asks for a key has chosen.
    try (RawHost host = connected(target(TlsPolicy.ALLOWED), ATR)) {
      makes(host, NEW);
      assertThat(statusOf(host)).isEqualTo(AUTHENTICATION_REQUIRED);
    }
  }

  /** Whoever opened it does not hang up; it has proved itself, and that is not held against it. */
  @Test
  void aConnectionThatHasMadeItsKeyEnds() {
    LimitsSpec hurried = LimitsSpec.DEFAULT.withHandshakeTimeout(Duration.ofSeconds(3));
    TargetFixture target =
        evidence.closing(TargetFixture.start(spec(TlsPolicy.CONCATENATED).withLimits(hurried)));
    List<RawHost> idle = new ArrayList<>();
    for (int i = 0; i < PROOFS; i++) {
      RawHost host = evidence.closing(connected(target));
      makes(host, NEW);
      idle.add(host);
    }
    assertThat(idle).allMatch(RawHost::isAtEnd);
    made(target);
  }

  @Test
  void aSecretThatWasRemovedMakesNoKeys() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey old = made(target);
    RawHost over = queue(target, old);
    try (RawHost plain = connected(target)) {
      RawChap chap = chap(NEW);
      byte[] challenge = RawChap.exchange(plain, offer(NEW));
      changes(target, new HostSpec(HOST));
      failed(RawChap.exchange(over, offer(REPLACE)), MISMATCH);
      opensNothing(target, old);
      RawChap.exchange(plain, chap.reply(challenge, false));
      opensNothing(target, key(chap));
    }
  }

  @Test
  void aSecretThatChangesInTheMiddleMakesNoKey() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey old = made(target);
    RawHost host = queue(target, old);
    RawChap chap = chap(REPLACE);
    byte[] challenge = RawChap.exchange(host, offer(REPLACE));
    changes(target, withAnotherSecret());
    RawChap.exchange(host, chap.reply(challenge, false));
    opensNothing(target, key(chap));
    opensNothing(target, old);
  }
}
