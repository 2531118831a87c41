package io.mora.tests.system.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
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
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Targets that take secure concatenation, and a host that makes its key by raw bytes. */
abstract class RawConcatenation {
  static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:concat-host");
  static final Nqn NEIGHBOUR = new Nqn("nqn.2026-11.io.mora:concat-neighbour");

  /** Of the reply to Connect: authentication is required, and by secure concatenation. */
  static final int ATR = 2;

  static final int ASCR = 4;

  /** SC_C. */
  static final int NEW = 2;

  static final int REPLACE = 3;

  static final int SHA256 = 1;
  static final int FFDHE2048 = 1;

  /** Explanation of AUTH_Failure1. */
  static final int MISMATCH = 3;

  private static final int T_ID = 5;
  private static final int CSTS = 0x1C;
  private static final byte[] KEY = bytes();
  private static final byte[] CONTROLLER_KEY = bytes();

  @RegisterExtension final Evidence evidence = new Evidence();

  private final Random random = new Random(evidence.seed());

  static byte[] bytes() {
    byte[] bytes = new byte[32];
    TlsRig.RANDOM.nextBytes(bytes);
    return bytes;
  }

  // --- the target

  TargetSpec spec(TlsPolicy policy) {
    DhchapSpec keys =
        DhchapSpec.of(DhchapSecret.of(KEY, null))
            .withControllerKey(DhchapSecret.of(CONTROLLER_KEY, null));
    DhchapSpec others = DhchapSpec.of(DhchapSecret.of(bytes(), null));
    return new TlsRig(evidence, TransportKind.best())
        .spec(policy, new HostSpec(HOST).with(keys), new HostSpec(NEIGHBOUR).with(others));
  }

  TargetFixture target(TlsPolicy policy) {
    return evidence.closing(TargetFixture.start(spec(policy)));
  }

  static void changes(TargetFixture target, HostSpec now) {
    TargetSpec spec = target.target().spec();
    assertThat(target.target().apply(spec.withHosts(List.of(now))).isApplied()).isTrue();
  }

  static HostSpec withAnotherSecret() {
    return new HostSpec(HOST).with(DhchapSpec.of(DhchapSecret.of(bytes(), null)));
  }

  // --- the proof, on plain TCP

  private static RawHost raw(int port) {
    return RawHost.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .initialise(0, 0);
  }

  static Outcome connect(RawHost host, Nqn subsystem, Nqn name) {
    byte[] data = Capsules.connectData(0xFFFF, subsystem.value(), name.value());
    return host.run(Capsules.connect(0, data));
  }

  /** A plain connection whose Connect was told to prove itself so. */
  static RawHost connected(TargetFixture target, int demanded) {
    RawHost host = raw(target.port());
    Outcome outcome = connect(host, Served.SUBSYSTEM, HOST);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.dw0() >>> 16).as("ATR, ASCR").isEqualTo(demanded);
    return host;
  }

  static RawHost connected(TargetFixture target) {
    return connected(target, ATR | ASCR);
  }

  RawChap chap(int secureChannel) {
    return new RawChap(HOST.value(), Served.SUBSYSTEM.value(), KEY, CONTROLLER_KEY, random)
        .secureChannel(secureChannel);
  }

  static byte[] offer(int secureChannel, int hash, int group) {
    byte[] message = RawChap.negotiate(T_ID, new int[] {hash}, new int[] {group});
    message[6] = (byte) secureChannel;
    return message;
  }

  static byte[] offer(int secureChannel) {
    return offer(secureChannel, SHA256, FFDHE2048);
  }

  static void failed(byte[] message, int explanation) {
    assertThat(RawChap.describe(message)).isEqualTo("message 0/241, explanation " + explanation);
  }

  static void succeeded(byte[] message) {
    assertThat(RawChap.describe(message)).startsWith("message 1/3");
  }

  /** Of the last reply, whatever it came to. */
  static TlsKey key(RawChap chap) {
    byte[][] keying = chap.keying();
    TlsKey key =
        TlsKey.generated(TlsHash.SHA256, keying[0], keying[1], keying[2], HOST, Served.SUBSYSTEM);
    assertThat(key.identity().text()).isEqualTo(chap.tlsKey().identity());
    return key;
  }

  /** The key that a right proof makes on this queue. */
  TlsKey makes(RawHost host, int secureChannel) {
    RawChap chap = chap(secureChannel);
    byte[] challenge = RawChap.exchange(host, offer(secureChannel));
    succeeded(RawChap.exchange(host, chap.reply(challenge, false)));
    return key(chap);
  }

  /** Likewise where the host wants the controller proved, too, which it is. */
  TlsKey makesMutually(RawHost host, int secureChannel) {
    RawChap chap = chap(secureChannel);
    byte[] challenge = RawChap.exchange(host, offer(secureChannel));
    byte[] success = RawChap.exchange(host, chap.reply(challenge, true));
    assertThat(chap.proves(success)).as("the controller's response").isTrue();
    assertThat(host.run(RawChap.send(host.cid(), RawChap.success2(T_ID))).code()).isZero();
    return key(chap);
  }

  TlsKey made(TargetFixture target) {
    try (RawHost host = connected(target)) {
      return makes(host, NEW);
    }
  }

  // --- what is done by the key

  /** Over TLS by a key, before Connect. */
  RawHost secured(TargetFixture target, TlsKey key) {
    return evidence.closing(raw(evidence.closing(RawTls.connect(target.port(), key)).asPort()));
  }

  /** An admin queue over TLS by a key, which has nothing left to prove. */
  RawHost queue(TargetFixture target, TlsKey key) {
    RawHost host = secured(target, key);
    Outcome outcome = connect(host, Served.SUBSYSTEM, HOST);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    assertThat(outcome.dw0() >>> 16).as("ATR, ASCR").isZero();
    return host;
  }

  /** What a queue says to a command that every controller serves. */
  static int statusOf(RawHost queue) {
    return queue.run(Capsules.propertyGet(1, CSTS, 4)).code();
  }

  static void goesOn(RawHost queue) {
    assertThat(statusOf(queue)).as("a queue that is open").isZero();
  }

  static void opensNothing(TargetFixture target, TlsKey key) {
    assertThatThrownBy(() -> RawTls.connect(target.port(), key))
        .hasMessageContaining("it has no key for this identity");
  }
}
