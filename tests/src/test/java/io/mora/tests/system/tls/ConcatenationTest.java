package io.mora.tests.system.tls;

import static io.mora.tests.system.tls.TlsRig.readsAndWrites;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.initiator.path.PathOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.net.TransportKind;
import io.mora.target.live.ControllerInfo;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Secure concatenation: a proof on plain TCP makes the key by which a host comes back over TLS. */
@Covers("auth.tls")
class ConcatenationTest {
  private static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:concat-host");
  private static final DhchapSecret SECRET = secret();
  private static final DhchapSecret CONTROLLER = secret();
  private static final TransportKind KIND = TransportKind.best();

  @RegisterExtension final Evidence evidence = new Evidence();

  private static DhchapSecret secret() {
    return DhchapSecret.generate(DhchapHash.SHA256, 32, TlsRig.RANDOM);
  }

  static Stream<TransportKind> kinds() {
    return TlsRig.kinds();
  }

  private TargetFixture target(TransportKind kind, TlsPolicy policy) {
    DhchapSpec keys = DhchapSpec.of(SECRET).withControllerKey(CONTROLLER);
    return new TlsRig(evidence, kind).target(policy, new HostSpec(HOST).with(keys));
  }

  private Initiator initiator(TransportKind kind, DhchapOptions proof) {
    return evidence.closing(
        Initiator.create(
            InitiatorOptions.builder()
                .transport(kind)
                .loops(2)
                .hostNqn(HOST)
                .dhchap(proof)
                .build()));
  }

  private Initiator initiator(DhchapOptions proof) {
    return initiator(KIND, proof);
  }

  private static List<String> identities(TargetFixture target) {
    return target.target().controllers().list().stream().map(ControllerInfo::identity).toList();
  }

  private static ConnectOptions.Builder through(PlainWire wire) {
    return ConnectOptions.to(new TransportAddress("127.0.0.1", wire.port()), Served.SUBSYSTEM);
  }

  private static ConnectionException refusal(Initiator initiator, ConnectOptions to) {
    Throwable failure = Waiting.failure(initiator.connect(to));
    assertThat(failure).isInstanceOf(ConnectionException.class);
    return (ConnectionException) failure;
  }

  private static ConnectionException refusal(TargetFixture target, Initiator initiator) {
    return refusal(initiator, TlsRig.to(target).build());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whoProvesItselfComesBackOverTls(TransportKind kind) {
    TargetFixture target = target(kind, TlsPolicy.CONCATENATED);
    Association asked =
        Waiting.get(initiator(kind, DhchapOptions.of(SECRET)).connect(TlsRig.to(target).build()));
    readsAndWrites(asked, 1);
    DhchapOptions both = DhchapOptions.of(SECRET).withControllerSecret(CONTROLLER).overTls();
    Association proved = Waiting.get(initiator(kind, both).connect(TlsRig.to(target).build()));
    readsAndWrites(proved, 2);
    Waiting.until("no plain one is left", () -> identities(target).equals(List.of("tls", "tls")));
  }

  @Test
  void withEveryHashAndGroupThatMakesAKey() {
    TargetFixture target = target(KIND, TlsPolicy.CONCATENATED);
    for (DhchapHash hash : List.of(DhchapHash.SHA256, DhchapHash.SHA384)) {
      for (DhchapGroup group : List.of(DhchapGroup.FFDHE2048, DhchapGroup.FFDHE3072)) {
        DhchapOptions proof =
            DhchapOptions.of(SECRET).withHashes(List.of(hash)).withGroups(List.of(group));
        readsAndWrites(Waiting.get(initiator(proof).connect(TlsRig.to(target).build())), 4);
      }
    }
  }

  @Test
  void whereBothAreAllowedTheHostChooses() {
    TargetFixture target = target(KIND, TlsPolicy.ALLOWED);
    Waiting.get(initiator(DhchapOptions.of(SECRET)).connect(TlsRig.to(target).build()));
    assertThat(identities(target)).containsExactly("dhchap");
    DhchapOptions wants = DhchapOptions.of(SECRET).overTls();
    readsAndWrites(Waiting.get(initiator(wants).connect(TlsRig.to(target).build())), 3);
    Waiting.until("one of each", () -> identities(target).equals(List.of("dhchap", "tls")));
  }

  @Test
  void whoCannotIsRefused() {
    DhchapOptions wants = DhchapOptions.of(SECRET).overTls();
    for (TlsPolicy policy : List.of(TlsPolicy.NONE, TlsPolicy.REQUIRED)) {
      ConnectionException refusal = refusal(target(KIND, policy), initiator(wants));
      assertThat(refusal.reason())
          .as("%s: %s", policy, refusal)
          .isEqualTo(policy == TlsPolicy.NONE ? Reason.UNAUTHENTICATED : Reason.LOST);
    }
    TargetFixture target = target(KIND, TlsPolicy.CONCATENATED);
    for (DhchapOptions proof :
        List.of(
            DhchapOptions.of(secret()),
            DhchapOptions.of(SECRET).withControllerSecret(secret()),
            DhchapOptions.of(SECRET).withHashes(List.of(DhchapHash.SHA512)),
            DhchapOptions.of(SECRET).withGroups(List.of(DhchapGroup.NULL)))) {
      assertThat(refusal(target, initiator(proof)).reason()).isEqualTo(Reason.UNAUTHENTICATED);
    }
    assertThat(identities(target)).doesNotContain("tls");
  }

  @Test
  void aHostWithoutASecretHasNoPlaceThere() {
    TargetFixture target =
        new TlsRig(evidence, KIND).target(TlsPolicy.CONCATENATED, new HostSpec(HOST));
    Initiator unknown =
        evidence.closing(
            Initiator.create(InitiatorOptions.builder().transport(KIND).hostNqn(HOST).build()));
    Throwable failure = Waiting.failure(unknown.connect(TlsRig.to(target).build()));
    assertThat(failure).hasMessageContaining("1/84");
  }

  @Test
  void whoCutsTlsDoesNotGetItInPlain() {
    TargetFixture target = target(KIND, TlsPolicy.ALLOWED);
    PlainWire wire = evidence.closing(new PlainWire(target.port(), true));
    ConnectOptions through = through(wire).controllerLossTimeoutMs(0).build();
    Initiator initiator = initiator(DhchapOptions.of(SECRET).overTls());
    assertThat(refusal(initiator, through).reason()).isEqualTo(Reason.LOST);
    assertThat(wire.plain()).as("the proof").isEqualTo(1);
    assertThat(wire.cut()).as("what came after it").isEqualTo(1);
    Waiting.until("nobody is let in", () -> identities(target).isEmpty());
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    DhchapOptions proof = DhchapOptions.of(SECRET);
    assertThatThrownBy(() -> proof.withHashes(List.of(DhchapHash.SHA512)).overTls())
        .hasMessageContaining("sha256 or sha384");
    assertThatThrownBy(() -> proof.withGroups(List.of(DhchapGroup.NULL)).overTls())
        .hasMessageContaining("Diffie-Hellman group");
    TransportAddress address = new TransportAddress("127.0.0.1", 4420);
    assertThatThrownBy(
            () ->
                ConnectOptions.to(address, Served.SUBSYSTEM)
                    .dhchap(proof.overTls())
                    .tls(TlsOptions.of(TlsRig.PSK))
                    .build())
        .hasMessageContaining("leave out one of both");
  }

  @Test
  void discoveryTellsAndIsFollowed() {
    TargetFixture target = target(KIND, TlsPolicy.CONCATENATED);
    Initiator initiator = initiator(DhchapOptions.of(SECRET).overTls());
    DiscoveryLogEntry entry =
        Waiting.get(initiator.discover(target.address())).entries().stream()
            .filter(each -> Served.SUBSYSTEM.equals(each.subsystemNqn()))
            .findFirst()
            .orElseThrow();
    // Hosts take this for a port of secure concatenation, and "required" for one of TLS alone.
    assertThat(entry.offersTls()).isTrue();
    assertThat(entry.requiresTls()).isFalse();
    try (var paths =
        Waiting.get(
            initiator.discoverPaths(
                PathOptions.DEFAULT,
                target.address(),
                TlsRig.to(target).controllerLossTimeoutMs(1000).build()))) {
      assertThat(paths.addresses()).hasSize(1);
    }
  }

  @Test
  void aReconnectBeginsWithAProof() {
    TargetFixture target = target(KIND, TlsPolicy.CONCATENATED);
    PlainWire wire = evidence.closing(new PlainWire(target.port(), false));
    ConnectOptions options = through(wire).queues(2).reconnectDelayMs(50).build();
    Association association = Waiting.get(initiator(DhchapOptions.of(SECRET)).connect(options));
    assertThat(wire.plain()).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      int proofs = wire.plain();
      int cntlid = association.controllerId();
      target.target().controllers().disconnect(Served.SUBSYSTEM, cntlid, "a test");
      Waiting.until(
          "back",
          () ->
              association.controllerId() != cntlid && association.state() == AssociationState.LIVE);
      readsAndWrites(association, i);
      assertThat(wire.plain()).as("proofs").isGreaterThan(proofs);
    }
    // What is open stays so; what was lost is refused until the secret counts again.
    TargetSpec spec = target.target().spec();
    List<HostSpec> changed = List.of(new HostSpec(HOST).with(DhchapSpec.of(secret())));
    assertThat(target.target().apply(spec.withHosts(changed)).isApplied()).isTrue();
    readsAndWrites(association, 8);
    int proofs = wire.plain();
    target.target().controllers().disconnect(Served.SUBSYSTEM, association.controllerId(), "test");
    Waiting.until("the first proof was refused", () -> wire.plain() >= proofs + 2);
    assertThat(association.state()).isNotEqualTo(AssociationState.LIVE);
    assertThat(target.target().apply(spec).isApplied()).isTrue();
    readsAndWrites(association, 9);
  }
}
