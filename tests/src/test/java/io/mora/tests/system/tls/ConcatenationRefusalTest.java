package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Secure concatenation by raw bytes: what makes a key, what it opens, and what does not. */
@Covers("auth.tls")
class ConcatenationRefusalTest {
  private static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:concat-host");
  private static final Nqn NEIGHBOUR = new Nqn("nqn.2026-11.io.mora:concat-neighbour");
  private static final byte[] KEY = bytes();
  private static final byte[] CONTROLLER_KEY = bytes();
  private static final int ATR = 2;
  private static final int ASCR = 4;
  private static final int NEW = 2;
  private static final int REPLACE = 3;
  private static final int SHA256 = 1;
  private static final int SHA512 = 3;
  private static final int FFDHE2048 = 1;
  private static final int T_ID = 5;

  /** Explanations of AUTH_Failure1. */
  private static final int FAILED = 1;

  private static final int MISMATCH = 3;
  private static final int HASH_UNUSABLE = 4;
  private static final int GROUP_UNUSABLE = 5;
  private static final int INCORRECT_PAYLOAD = 6;
  private static final int INCORRECT_MESSAGE = 7;

  private static final int AUTHENTICATION_REQUIRED = 0x191;
  private static final int CONTROLLER_BUSY = 0x181;
  private static final int CONNECT_INVALID_PARAMETERS = 0x182;
  private static final int CSTS = 0x1C;

  @RegisterExtension final Evidence evidence = new Evidence();

  private final Random random = new Random(evidence.seed());

  private static byte[] bytes() {
    byte[] bytes = new byte[32];
    TlsRig.RANDOM.nextBytes(bytes);
    return bytes;
  }

  private TargetFixture target(TlsPolicy policy) {
    DhchapSpec keys =
        DhchapSpec.of(DhchapSecret.of(KEY, null))
            .withControllerKey(DhchapSecret.of(CONTROLLER_KEY, null));
    DhchapSpec others = DhchapSpec.of(DhchapSecret.of(bytes(), null));
    return new TlsRig(evidence, TransportKind.best())
        .target(policy, new HostSpec(HOST).with(keys), new HostSpec(NEIGHBOUR).with(others));
  }

  private static RawHost raw(int port) {
    return RawHost.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .initialise(0, 0);
  }

  private static Outcome connect(RawHost host, Nqn subsystem, Nqn name) {
    byte[] data = Capsules.connectData(0xFFFF, subsystem.value(), name.value());
    return host.run(Capsules.connect(0, data));
  }

  /** A plain connection whose Connect was told to prove itself. */
  private static RawHost connected(TargetFixture target, int demanded) {
    RawHost host = raw(target.port());
    Outcome outcome = connect(host, Served.SUBSYSTEM, HOST);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.dw0() >>> 16).as("ATR, ASCR").isEqualTo(demanded);
    return host;
  }

  private static RawHost connected(TargetFixture target) {
    return connected(target, ATR | ASCR);
  }

  private RawChap chap(int secureChannel) {
    return new RawChap(HOST.value(), Served.SUBSYSTEM.value(), KEY, CONTROLLER_KEY, random)
        .secureChannel(secureChannel);
  }

  private static byte[] offer(int secureChannel, int hash, int group) {
    byte[] message = RawChap.negotiate(T_ID, new int[] {hash}, new int[] {group});
    message[6] = (byte) secureChannel;
    return message;
  }

  private static byte[] offer(int secureChannel) {
    return offer(secureChannel, SHA256, FFDHE2048);
  }

  private static void failed(byte[] message, int explanation) {
    assertThat(RawChap.describe(message)).isEqualTo("message 0/241, explanation " + explanation);
  }

  /** At a target of its own: who fails often has to wait. */
  private void fails(byte[] offer, int explanation) {
    try (RawHost host = connected(target(TlsPolicy.CONCATENATED))) {
      failed(RawChap.exchange(host, offer), explanation);
    }
  }

  private static TlsKey key(RawChap chap) {
    byte[][] keying = chap.keying();
    return TlsKey.generated(
        TlsHash.SHA256, keying[0], keying[1], keying[2], HOST, Served.SUBSYSTEM);
  }

  /** The key that a right proof makes on this queue. */
  private TlsKey makes(RawHost host, int secureChannel) {
    RawChap chap = chap(secureChannel);
    byte[] challenge = RawChap.exchange(host, offer(secureChannel));
    byte[] success = RawChap.exchange(host, chap.reply(challenge, false));
    assertThat(RawChap.describe(success)).startsWith("message 1/3");
    byte[][] keying = chap.keying();
    TlsKey key = key(chap);
    byte[] both = Arrays.copyOf(keying[1], keying[1].length + keying[2].length);
    System.arraycopy(keying[2], 0, both, keying[1].length, keying[2].length);
    byte[] retained = RawPsk.hmac(keying[0], both);
    assertThat(key.identity().text())
        .isEqualTo(RawPsk.generated(retained, HOST.value(), Served.SUBSYSTEM.value()).identity());
    return key;
  }

  private TlsKey made(TargetFixture target) {
    try (RawHost host = connected(target)) {
      return makes(host, NEW);
    }
  }

  private RawHost secured(TargetFixture target, TlsKey key) {
    return evidence.closing(raw(evidence.closing(RawTls.connect(target.port(), key)).asPort()));
  }

  private static void opensNothing(TargetFixture target, TlsKey key) {
    assertThatThrownBy(() -> RawTls.connect(target.port(), key))
        .hasMessageContaining("it has no key for this identity");
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
  void aReplyIsGoodOnce() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    byte[] reply;
    try (RawHost host = connected(target)) {
      reply = chap(NEW).reply(RawChap.exchange(host, offer(NEW)), false);
      assertThat(RawChap.describe(RawChap.exchange(host, reply))).startsWith("message 1/3");
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
      assertThat(host.run(Capsules.propertyGet(1, CSTS, 4)).code())
          .isEqualTo(AUTHENTICATION_REQUIRED);
      assertThat(host.run(Capsules.identify(2, 1, 0)).code()).isEqualTo(AUTHENTICATION_REQUIRED);
      failed(RawChap.exchange(host, offer(NEW)), INCORRECT_MESSAGE);
    }
    // The same where a proof alone would do: who asks for a key has chosen.
    try (RawHost host = connected(target(TlsPolicy.ALLOWED), ATR)) {
      makes(host, NEW);
      assertThat(host.run(Capsules.propertyGet(1, CSTS, 4)).code())
          .isEqualTo(AUTHENTICATION_REQUIRED);
    }
  }

  /**
   * As who opened it did not come to hang up: it has proved itself, and that is not held against
   * it.
   */
  @Test
  void aConnectionThatHasMadeItsKeyEnds() {
    TlsRig rig = new TlsRig(evidence, TransportKind.best());
    DhchapSpec keys = DhchapSpec.of(DhchapSecret.of(KEY, null));
    TargetSpec spec = rig.spec(TlsPolicy.CONCATENATED, new HostSpec(HOST).with(keys));
    LimitsSpec hurried = LimitsSpec.DEFAULT.withHandshakeTimeout(Duration.ofMillis(500));
    TargetFixture target = evidence.closing(TargetFixture.start(spec.withLimits(hurried)));
    for (int i = 0; i < 6; i++) {
      try (RawHost host = connected(target)) {
        makes(host, NEW);
        assertThat(host.isAtEnd()).isTrue();
      }
    }
  }

  @Test
  void theKeyOpensTlsForItsNamesOnly() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey key = made(target);
    RawHost host = secured(target, key);
    Outcome outcome = connect(host, Served.SUBSYSTEM, HOST);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.dw0() >>> 16).as("nothing is left to prove").isZero();
    assertThat(host.run(Capsules.propertyGet(1, CSTS, 4)).code()).isZero();
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
    RawHost host = secured(target, key);
    assertThat(connect(host, Served.SUBSYSTEM, HOST).code()).isZero();
    changes(target, withAnotherSecret());
    opensNothing(target, key);
    assertThat(host.run(Capsules.propertyGet(1, CSTS, 4)).code()).as("is open").isZero();
  }

  private static void changes(TargetFixture target, HostSpec now) {
    TargetSpec spec = target.target().spec();
    assertThat(target.target().apply(spec.withHosts(List.of(now))).isApplied()).isTrue();
  }

  private static HostSpec withAnotherSecret() {
    return new HostSpec(HOST).with(DhchapSpec.of(DhchapSecret.of(bytes(), null)));
  }

  @Test
  void aSecretThatWasRemovedMakesNoKeys() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey old = made(target);
    RawHost over = secured(target, old);
    assertThat(connect(over, Served.SUBSYSTEM, HOST).code()).isZero();
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
    RawHost host = secured(target, old);
    assertThat(connect(host, Served.SUBSYSTEM, HOST).code()).isZero();
    RawChap chap = chap(REPLACE);
    byte[] challenge = RawChap.exchange(host, offer(REPLACE));
    changes(target, withAnotherSecret());
    RawChap.exchange(host, chap.reply(challenge, false));
    opensNothing(target, key(chap));
    opensNothing(target, old);
  }

  /** Over TLS already, but not connected, when the secret changes or goes. */
  @Test
  void whoHasNotConnectedYetIsNotLetInByAForgottenKey() {
    for (HostSpec now : List.of(withAnotherSecret(), new HostSpec(HOST))) {
      TargetFixture target = target(TlsPolicy.CONCATENATED);
      TlsKey key = made(target);
      RawHost connected = secured(target, key);
      assertThat(connect(connected, Served.SUBSYSTEM, HOST).code()).isZero();
      RawHost late = secured(target, key);
      changes(target, now);
      assertThat(connect(late, Served.SUBSYSTEM, HOST).code()).isEqualTo(CONTROLLER_BUSY);
      assertThat(connected.run(Capsules.propertyGet(1, CSTS, 4)).code()).as("goes on").isZero();
    }
  }

  @Test
  void whereAConfiguredKeyIsRequiredThatOfAProofOpensNothing() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey key = made(target);
    RawHost host = secured(target, key);
    assertThat(connect(host, Served.SUBSYSTEM, HOST).code()).isZero();
    TargetSpec spec = target.target().spec();
    List<ListenerSpec> strict =
        spec.listeners().stream().map(each -> each.withTls(TlsPolicy.REQUIRED)).toList();
    assertThat(target.target().apply(spec.withListeners(strict)).isApplied()).isTrue();
    opensNothing(target, key);
    assertThat(host.run(Capsules.propertyGet(1, CSTS, 4)).code()).as("is open").isZero();
    assertThat(target.target().apply(spec).isApplied()).isTrue();
    assertThat(connect(secured(target, key), Served.SUBSYSTEM, HOST).code()).isZero();
  }

  @Test
  void overTlsANewKeyTakesThePlaceOfTheOld() {
    TargetFixture target = target(TlsPolicy.CONCATENATED);
    TlsKey old = made(target);
    RawHost host = secured(target, old);
    assertThat(connect(host, Served.SUBSYSTEM, HOST).code()).isZero();
    TlsKey second = makes(host, REPLACE);
    opensNothing(target, old);
    TlsKey third = makes(host, REPLACE);
    opensNothing(target, second);
    assertThat(host.run(Capsules.propertyGet(1, CSTS, 4)).code()).as("goes on").isZero();
    assertThat(connect(secured(target, third), Served.SUBSYSTEM, HOST).code()).isZero();
    failed(RawChap.exchange(host, offer(NEW)), MISMATCH);
  }
}
