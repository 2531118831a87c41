package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.intent.IntentGrant;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Timing;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.target.live.ControllerInfo;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is granted above class normal is for names that were proved, or that the operator believes.
 */
class GrantsNeedProofTest {
  private static final String NQN = "nqn.2026-01.example:disk";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DhchapSecret SECRET = DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM);
  private static final TlsPsk PSK = TlsPsk.generate(TlsHash.SHA256, RANDOM);

  @RegisterExtension final Evidence evidence = new Evidence();
  @TempDir private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // by start
  private TargetFixture target;

  /** Who comes, and how; all but the strangers are granted everything. */
  enum Guest {
    SECRET(true, "dhchap"),
    PSK(true, "tls"),
    CONCATENATED(true, "tls"),
    PSK_ON_PLAIN_TCP(false, "claimed"),
    BELIEVED(true, "claimed"),
    STRANGER(false, "claimed");

    private final boolean counts;
    private final String identity;

    Guest(boolean counts, String identity) {
      this.counts = counts;
      this.identity = identity;
    }

    private Nqn nqn() {
      String host = name().toLowerCase(Locale.ROOT).replace("_on_plain_tcp", "");
      return new Nqn("nqn.2026-01.example:" + host);
    }
  }

  /** Where it comes in, in the order of the configuration. */
  enum Port {
    ORDINARY,
    CRITICAL,
    CRITICAL_FOR_ALL
  }

  @BeforeEach
  void start() throws ConfigException {
    String all = "maxClass: critical, step: true, timing: fine, slots: 4, hotMetadata: true";
    String text =
        """
        discovery: {listen: []}
        latencyIntent: {enabled: true}
        listeners:
          - {address: 127.0.0.1, port: 0, tls: allowed}
          - {address: 127.0.0.2, port: 0, tls: allowed, class: critical}
          - {address: 127.0.0.3, port: 0, tls: allowed, class: critical, trust: claimed}
        hosts:
          - {nqn: nqn.2026-01.example:secret, %1$s, dhchap: {key: "%2$s"}}
          - {nqn: nqn.2026-01.example:concatenated, %1$s, dhchap: {key: "%2$s"}}
          - {nqn: nqn.2026-01.example:psk, %1$s, tls: {psk: "%3$s"}}
          - {nqn: nqn.2026-01.example:believed, %1$s, trust: claimed}
        subsystems:
          - nqn: nqn.2026-01.example:disk
            allowAnyHost: true
            queueClasses: [1-64 low_latency]
            namespaces: [{nsid: 1, backend: {kind: memory, size: 1MiB}}]
        """
            .formatted(all, SECRET.reveal(), PSK.reveal());
    target = evidence.closing(TargetFixture.start(ConfigFile.parse("trust", folder, text).spec()));
  }

  private Association connect(Guest guest, Port port) {
    InitiatorOptions.Builder options = InitiatorOptions.builder().hostNqn(guest.nqn());
    if (guest == Guest.SECRET) {
      options.dhchap(DhchapOptions.of(SECRET));
    } else if (guest == Guest.CONCATENATED) {
      options.dhchap(DhchapOptions.of(SECRET).overTls());
    } else if (guest == Guest.PSK) {
      options.tls(TlsOptions.of(PSK));
    }
    Initiator initiator = evidence.closing(Initiator.create(options.build()));
    var address = target.target().listeners().get(List.of(Port.values()).indexOf(port)).address();
    return Waiting.get(
        initiator.connect(
            ConnectOptions.to(
                    new TransportAddress(address.getAddress().getHostAddress(), address.getPort()),
                    new Nqn(NQN))
                .latencyIntent(true)
                .targetTiming(true)
                .queues(1)
                .build()));
  }

  private static LatencyClass classOf(Association association, Intent intent) {
    ByteBuffer block = ByteBuffer.allocateDirect(4096);
    var read = Waiting.get(association.namespace(1).read(0, 1, block, intent));
    return LatencyClass.of(Timing.effectiveClass(read.result()));
  }

  /** Of a read that says nothing. */
  private static LatencyClass givenClassOf(Association association) {
    ByteBuffer block = ByteBuffer.allocateDirect(4096);
    var read = Waiting.get(association.namespace(1).read(0, 1, block));
    return LatencyClass.of(Timing.effectiveClass(read.result()));
  }

  @ParameterizedTest
  @EnumSource(Guest.class)
  void aGrantIsWorthWhatTheNameIs(Guest guest) {
    Association association = connect(guest, Port.ORDINARY);
    IntentGrant grant = association.intentGrant();
    LatencyClass given = guest.counts ? LatencyClass.LOW_LATENCY : LatencyClass.NORMAL;
    LatencyClass most = guest.counts ? LatencyClass.CRITICAL : LatencyClass.NORMAL;
    assertThat(grant.maxClass()).isEqualTo(most.code());
    assertThat(grant.step()).isEqualTo(guest.counts);
    assertThat(grant.fineTiming()).isEqualTo(guest.counts);
    assertThat(classOf(association, Intent.critical())).isEqualTo(most);
    assertThat(givenClassOf(association)).as("by its queue").isEqualTo(given);
    assertThat(target.target().controllers().list())
        .extracting(ControllerInfo::identity)
        .containsExactly(guest.identity);
  }

  static Stream<Guest> guests() {
    return Stream.of(Guest.values());
  }

  @ParameterizedTest
  @MethodSource("guests")
  void aPortGivesItsClassToNamesThatCount(Guest guest) {
    LatencyClass most = guest.counts ? LatencyClass.CRITICAL : LatencyClass.NORMAL;
    assertThat(givenClassOf(connect(guest, Port.CRITICAL))).isEqualTo(most);
    assertThat(givenClassOf(connect(guest, Port.CRITICAL_FOR_ALL)))
        .as("where all names count")
        .isEqualTo(LatencyClass.CRITICAL);
  }

  @Test
  void trustChangesWhileTheHostIsConnected() {
    Association plain = connect(Guest.PSK_ON_PLAIN_TCP, Port.ORDINARY);
    assertThat(classOf(plain, Intent.critical())).isEqualTo(LatencyClass.NORMAL);
    apply(Trust.CLAIMED);
    assertThat(classOf(plain, Intent.critical())).isEqualTo(LatencyClass.CRITICAL);
    apply(Trust.PROVEN);
    assertThat(classOf(plain, Intent.critical())).isEqualTo(LatencyClass.NORMAL);
  }

  /** It has not been seen yet when it is first told of. */
  @Test
  void aNameThatIsNewIsBelievedToo() {
    TargetSpec spec = target.target().spec();
    List<HostSpec> hosts = new ArrayList<>(spec.hosts());
    hosts.add(new HostSpec(Guest.STRANGER.nqn(), GrantSpec.everything()).with(Trust.CLAIMED));
    assertThat(target.target().apply(spec.withHosts(hosts)).problems()).isEmpty();
    Association association = connect(Guest.STRANGER, Port.ORDINARY);
    assertThat(classOf(association, Intent.critical())).isEqualTo(LatencyClass.CRITICAL);
  }

  private void apply(Trust trust) {
    TargetSpec spec = target.target().spec();
    List<HostSpec> hosts =
        spec.hosts().stream()
            .map(each -> each.nqn().equals(Guest.PSK.nqn()) ? each.with(trust) : each)
            .toList();
    assertThat(target.target().apply(spec.withHosts(hosts)).problems()).isEmpty();
  }

  /** Nobody's key is taken away by a change that leaves a grant to a name alone. */
  @Test
  void aKeyIsNotTakenFromAHostThatNeedsIt() {
    TargetSpec spec = target.target().spec();
    List<HostSpec> hosts =
        spec.hosts().stream()
            .map(each -> new HostSpec(each.nqn(), each.grants()).with(Trust.PROVEN))
            .toList();
    var listeners = spec.listeners().stream().map(each -> each.withTrust(Trust.PROVEN)).toList();
    assertThat(target.target().apply(spec.withHosts(hosts).withListeners(listeners)).problems())
        .extracting(problem -> problem.key())
        .contains("hosts[0].maxClass", "listeners[1].class", "subsystems[0].queueClasses[0]");
    assertThat(target.target().spec()).isEqualTo(spec);
  }
}
