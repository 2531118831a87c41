package io.mora.tests.system.tls;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.auth.TlsOptions;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** A target with TLS and hosts that may be its own. */
final class TlsRig {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:tls-host");
  static final Nqn NEIGHBOUR = new Nqn("nqn.2026-11.io.mora:tls-neighbour");

  /** What scripts of guests serve. */
  static final Nqn KERNEL = new Nqn("nqn.2014-08.org.mora:kernel");

  static final TlsPsk PSK = TlsPsk.generate(TlsHash.SHA256, RANDOM);
  static final TlsPsk LONG_PSK = TlsPsk.generate(TlsHash.SHA384, RANDOM);
  static final TlsPsk OTHER = TlsPsk.generate(TlsHash.SHA256, RANDOM);

  private final Evidence evidence;
  private final TransportKind kind;

  TlsRig(Evidence evidence, TransportKind kind) {
    this.evidence = evidence;
    this.kind = kind;
  }

  static Stream<TransportKind> kinds() {
    return Stream.of(TransportKind.values()).filter(TransportKind::available);
  }

  TargetFixture target(TlsPolicy policy, HostSpec... hosts) {
    return evidence.closing(TargetFixture.start(spec(policy, hosts)));
  }

  TargetSpec spec(TlsPolicy policy, HostSpec... hosts) {
    TargetSpec spec = Served.on(2).with(kind).withMemory(16 << 20, 512).listening(0);
    List<ListenerSpec> secured = new ArrayList<>();
    spec.listeners().forEach(listener -> secured.add(listener.withTls(policy)));
    return spec.withListeners(secured).withHosts(List.of(hosts));
  }

  /** For hosts of a guest, whose kernel, emulated, shakes hands slowly. */
  static TargetSpec forGuest(TlsPolicy policy, HostSpec host) {
    ListenerSpec listener =
        new ListenerSpec(new TransportAddress("127.0.0.1", 0), Guest.MACHINE, List.of());
    return Served.on(2)
        .with(LimitsSpec.DEFAULT.withHandshakeTimeout(Duration.ofSeconds(60)))
        .withMemory(64 << 20, 4096)
        .listening(0)
        .withListeners(List.of(listener.withTls(policy)))
        .withHosts(List.of(host));
  }

  /** To the target of a guest's kernel, likewise. */
  static ConnectOptions.Builder toKernel(int port) {
    return ConnectOptions.to(new TransportAddress("127.0.0.1", port), KERNEL)
        .queues(2)
        .controllerLossTimeoutMs(0)
        .connectTimeoutMs(30_000)
        .adminTimeoutMs(60_000)
        .keepAliveTimeoutMs(60_000);
  }

  static HostSpec host(Nqn nqn, TlsPsk psk) {
    return new HostSpec(nqn).with(TlsSpec.of(psk));
  }

  Initiator initiator(Nqn nqn, @Nullable TlsOptions tls) {
    return evidence.closing(
        Initiator.create(
            InitiatorOptions.builder().transport(kind).loops(2).hostNqn(nqn).tls(tls).build()));
  }

  Initiator initiator(@Nullable TlsPsk psk) {
    return initiator(HOST, psk == null ? null : TlsOptions.of(psk));
  }

  static ConnectOptions.Builder to(TargetFixture target) {
    return ConnectOptions.to(target.address(), Served.SUBSYSTEM)
        .queues(2)
        .controllerLossTimeoutMs(0);
  }

  /** Writes and reads every length from a block to a MiB, each with its own bytes. */
  static void readsAndWrites(Association association, long seed) {
    RemoteNamespace namespace = association.namespace(1);
    Random random = new Random(seed);
    for (int bytes : new int[] {512, 4096, 8192, 16384, 16896, 65536, 131072, 1 << 20}) {
      byte[] content = new byte[bytes];
      random.nextBytes(content);
      ByteBuffer data = ByteBuffer.allocateDirect(bytes).put(content).flip();
      Waiting.get(namespace.write(8, bytes / 512, data));
      ByteBuffer back = ByteBuffer.allocateDirect(bytes);
      Waiting.get(namespace.read(8, bytes / 512, back));
      byte[] read = new byte[bytes];
      back.get(0, read);
      Assertions.assertThat(read).isEqualTo(content);
    }
  }
}
