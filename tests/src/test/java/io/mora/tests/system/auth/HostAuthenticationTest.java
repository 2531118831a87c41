package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.net.TransportKind;
import io.mora.target.live.ApplyResult;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.FaultProxy;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our host at our target, each transport, with secrets that fit and secrets that do not. */
class HostAuthenticationTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:our-host");
  private static final DhchapSecret KEY = DhchapSecret.generate(DhchapHash.SHA384, 48, RANDOM);
  private static final DhchapSecret CONTROLLER =
      DhchapSecret.generate(DhchapHash.SHA512, 64, RANDOM);
  private static final DhchapSecret OTHER = DhchapSecret.generate(null, 32, RANDOM);

  @RegisterExtension final Evidence evidence = new Evidence();

  static Stream<TransportKind> kinds() {
    return Stream.of(TransportKind.values()).filter(TransportKind::available);
  }

  private TargetFixture target(TransportKind kind, @Nullable DhchapSpec keys) {
    TargetSpec spec = Served.on(2).with(kind).withMemory(8 << 20, 4096).listening(0);
    return evidence.closing(
        TargetFixture.start(spec.withHosts(List.of(new HostSpec(HOST, GrantSpec.DEFAULT, keys)))));
  }

  private Initiator initiator(TransportKind kind, @Nullable DhchapOptions dhchap) {
    return evidence.closing(
        Initiator.create(
            InitiatorOptions.builder()
                .transport(kind)
                .loops(2)
                .hostNqn(HOST)
                .dhchap(dhchap)
                .build()));
  }

  private static ConnectOptions.Builder to(TargetFixture target) {
    return ConnectOptions.to(target.address(), Served.SUBSYSTEM).queues(2).threadQueues(1);
  }

  private static void readsAndWrites(Association association) {
    RemoteNamespace namespace = association.namespace(1);
    ByteBuffer data = ByteBuffer.allocateDirect(4096);
    data.putLong(0, 42);
    Waiting.get(namespace.write(3, 1, data));
    ByteBuffer back = ByteBuffer.allocateDirect(4096);
    Waiting.get(namespace.read(3, 1, back));
    assertThat(back.getLong(0)).isEqualTo(42);
  }

  private static ConnectionException refusal(CompletionStage<?> connecting) {
    Throwable failure = Waiting.failure(connecting);
    assertThat(failure).isInstanceOf(ConnectionException.class);
    ConnectionException refusal = (ConnectionException) failure;
    assertThat(refusal.reason()).as(refusal.toString()).isEqualTo(Reason.UNAUTHENTICATED);
    assertThat(refusal.retryable()).isFalse();
    assertThat(refusal.toString())
        .doesNotContain(KEY.reveal().substring(10, 20))
        .doesNotContain(OTHER.reveal().substring(10, 20));
    return refusal;
  }

  private static AuthFailure why(ConnectionException refusal) {
    if (refusal.getCause() instanceof AuthException cause) {
      return cause.failure();
    }
    throw new AssertionError("without its reason", refusal);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyQueueProvesBothSides(TransportKind kind) {
    TargetFixture target = target(kind, DhchapSpec.of(KEY).withControllerKey(CONTROLLER));
    Initiator initiator = initiator(kind, DhchapOptions.of(KEY).withControllerSecret(CONTROLLER));
    Association association = Waiting.get(initiator.connect(to(target).build()));
    readsAndWrites(association);
    assertThat(association.queues()).isEqualTo(2);
    try (var queue = association.openThreadQueue(0)) {
      assertThat(queue).isNotNull();
    }
    assertThat(Waiting.get(initiator.discover(target.address())).entries()).isNotEmpty();
    Waiting.get(association.disconnect());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whoCannotProveItselfLearnsWhy(TransportKind kind) {
    TargetFixture target = target(kind, DhchapSpec.of(KEY).withGroups(DhchapGroup.FFDHE3072));
    Initiator initiator = initiator(kind, null);
    ConnectionException none = refusal(initiator.connect(to(target).build()));
    assertThat(none).hasMessageContaining("no secret");
    ConnectionException wrong =
        refusal(initiator.connect(to(target).dhchap(DhchapOptions.of(OTHER)).build()));
    assertThat(why(wrong)).isEqualTo(AuthFailure.FAILED);
    DhchapOptions weak = DhchapOptions.of(KEY).withGroups(List.of(DhchapGroup.NULL));
    ConnectionException tooWeak = refusal(initiator.connect(to(target).dhchap(weak).build()));
    assertThat(why(tooWeak)).isEqualTo(AuthFailure.GROUP_UNUSABLE);
    assertThat(tooWeak).hasMessageContaining("DH group not usable");
    // The right one still fits.
    Association association =
        Waiting.get(initiator.connect(to(target).dhchap(DhchapOptions.of(KEY)).build()));
    readsAndWrites(association);
  }

  @Test
  void aControllerThatCannotProveItselfIsLeft() {
    TransportKind kind = TransportKind.best();
    TargetFixture wrong = target(kind, DhchapSpec.of(KEY).withControllerKey(OTHER));
    DhchapOptions both = DhchapOptions.of(KEY).withControllerSecret(CONTROLLER);
    ConnectionException refusal = refusal(initiator(kind, both).connect(to(wrong).build()));
    assertThat(why(refusal)).isEqualTo(AuthFailure.FAILED);
    assertThat(refusal).hasMessageContaining("controller's response is wrong");
    TargetFixture keyless = target(kind, DhchapSpec.of(KEY));
    refusal(initiator(kind, both).connect(to(keyless).build()));
    // One that asks for nothing has proved nothing.
    TargetFixture open = target(kind, null);
    refusal(initiator(kind, both).connect(to(open).build()));
    refusal(initiator(kind, DhchapOptions.of(KEY).always()).connect(to(open).build()));
    readsAndWrites(Waiting.get(initiator(kind, DhchapOptions.of(KEY)).connect(to(open).build())));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aReconnectProvesItAgain(TransportKind kind) {
    TargetFixture target = target(kind, DhchapSpec.of(KEY).withControllerKey(CONTROLLER));
    FaultProxy proxy = evidence.closing(new FaultProxy(target.port()));
    Initiator initiator = initiator(kind, DhchapOptions.of(KEY).withControllerSecret(CONTROLLER));
    Association association =
        Waiting.get(
            initiator.connect(
                ConnectOptions.to(new TransportAddress("127.0.0.1", proxy.port()), Served.SUBSYSTEM)
                    .queues(2)
                    .reconnectDelayMs(50)
                    .build()));
    readsAndWrites(association);
    AtomicInteger live = InitiatorFixture.timesLive(association);
    for (int i = 1; i <= 3; i++) {
      int times = i;
      proxy.cutAll(FaultProxy.Act.RESET);
      Waiting.until("back", () -> live.get() >= times);
      readsAndWrites(association);
    }
  }

  @Test
  void aKeyIsChangedWithoutLosingAConnection() {
    TransportKind kind = TransportKind.best();
    TargetFixture target = target(kind, DhchapSpec.of(KEY));
    Initiator initiator = initiator(kind, null);
    ConnectOptions with = to(target).dhchap(DhchapOptions.of(KEY)).build();
    Association association = Waiting.get(initiator.connect(with));
    TargetSpec other =
        target
            .target()
            .spec()
            .withHosts(List.of(new HostSpec(HOST, GrantSpec.DEFAULT, DhchapSpec.of(OTHER))));
    ApplyResult result = target.target().apply(other);
    assertThat(result.isApplied()).as(result.toString()).isTrue();
    assertThat(result.toString()).doesNotContain(OTHER.reveal().substring(10, 20));
    readsAndWrites(association);
    assertThat(why(refusal(initiator.connect(with)))).isEqualTo(AuthFailure.FAILED);
    readsAndWrites(
        Waiting.get(initiator.connect(to(target).dhchap(DhchapOptions.of(OTHER)).build())));
    readsAndWrites(association);
  }

  @Test
  void everyHashAndGroup() {
    TransportKind kind = TransportKind.best();
    TargetFixture target = target(kind, DhchapSpec.of(KEY).withControllerKey(CONTROLLER));
    Initiator initiator = initiator(kind, null);
    for (DhchapHash hash : DhchapHash.values()) {
      for (DhchapGroup group : DhchapGroup.values()) {
        DhchapOptions options =
            DhchapOptions.of(KEY)
                .withControllerSecret(CONTROLLER)
                .withHashes(List.of(hash))
                .withGroups(List.of(group));
        Association association =
            Waiting.get(initiator.connect(to(target).queues(1).dhchap(options).build()));
        readsAndWrites(association);
        Waiting.get(association.disconnect());
      }
    }
  }
}
