package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.io.RawCommand;
import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.status.Status;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who gets in where, and to what, in every combination of who a host says it is, what it can prove,
 * the subsystem, the namespace and the class.
 */
class AuthorisationMatrixTest {
  private static final int INVALID_HOST = 0x184;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DhchapSecret KEY = DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM);
  private static final DhchapSecret WRONG = DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM);

  @TempDir private Path folder = Path.of("");
  private @Nullable TargetFixture target;

  /** Who comes. */
  @SuppressWarnings("ImmutableEnumChecker") // names and secrets are
  enum Guest {
    PROVED("nqn.2026-01.example:keyed", KEY, true),
    PROVED_WRONGLY("nqn.2026-01.example:keyed", WRONG, false),
    WITHOUT_PROOF("nqn.2026-01.example:keyed", null, false),
    NAMED("nqn.2026-01.example:named", null, true),
    /** It offers a proof that nobody asks for. */
    NAMED_WITH_KEY("nqn.2026-01.example:named", KEY, true),
    STRANGER("nqn.2026-01.example:stranger", null, true);

    private final Nqn nqn;
    private final @Nullable DhchapSecret secret;
    private final boolean believed;

    Guest(String nqn, @Nullable DhchapSecret secret, boolean believed) {
      this.nqn = new Nqn(nqn);
      this.secret = secret;
      this.believed = believed;
    }

    private boolean isNamed() {
      return this == NAMED || this == NAMED_WITH_KEY;
    }
  }

  /** Where to. */
  enum Door {
    OPEN,
    KEYED_ONLY,
    BOTH,
    NOBODY;

    private Nqn nqn() {
      return new Nqn("nqn.2026-01.example:" + name().toLowerCase(Locale.ROOT));
    }

    private boolean admits(Guest guest) {
      return switch (this) {
        case OPEN -> true;
        case KEYED_ONLY -> guest == Guest.PROVED;
        case BOTH -> guest == Guest.PROVED || guest.isNamed();
        case NOBODY -> false;
      };
    }
  }

  @BeforeEach
  void start() throws IOException, ConfigException {
    Files.write(folder.resolve("read-only.img"), new byte[1 << 20]);
    String text =
        """
        discovery: {listen: ["127.0.0.1:0"]}
        listeners: [{address: 127.0.0.1, port: 0}]
        latencyIntent: {enabled: true}
        hosts:
          - nqn: nqn.2026-01.example:keyed
            maxClass: critical
            dhchap: {key: "%s"}
          - nqn: nqn.2026-01.example:named
            trust: claimed
            maxClass: interactive
          - nqn: nqn.2026-01.example:elsewhere
        subsystems:
          - nqn: nqn.2026-01.example:open
            allowAnyHost: true
            namespaces:
              - {nsid: 1, backend: {kind: memory, size: 1MiB}}
          - nqn: nqn.2026-01.example:keyed_only
            allowedHosts: [nqn.2026-01.example:keyed]
            namespaces:
              - {nsid: 1, backend: {kind: memory, size: 1MiB}}
          - nqn: nqn.2026-01.example:both
            allowedHosts: [nqn.2026-01.example:keyed, nqn.2026-01.example:named]
            namespaces:
              - {nsid: 1, backend: {kind: memory, size: 1MiB}}
              - nsid: 2
                hosts: [nqn.2026-01.example:keyed]
                backend: {kind: memory, size: 1MiB}
              - nsid: 3
                backend: {kind: file, path: read-only.img, readOnly: true}
          - nqn: nqn.2026-01.example:nobody
            allowedHosts: [nqn.2026-01.example:elsewhere]
            namespaces:
              - {nsid: 1, backend: {kind: memory, size: 1MiB}}
        """
            .formatted(KEY.reveal());
    target = TargetFixture.start(ConfigFile.parse("matrix", folder, text).spec());
  }

  @AfterEach
  void stop() {
    if (target != null) {
      target.close();
    }
  }

  static Stream<Arguments> cells() {
    return Stream.of(Guest.values())
        .flatMap(guest -> Stream.of(Door.values()).map(door -> Arguments.of(guest, door)));
  }

  private TargetFixture target() {
    if (target == null) {
      throw new AssertionError("not started");
    }
    return target;
  }

  private static Initiator initiator(Guest guest) {
    DhchapOptions options = guest.secret == null ? null : DhchapOptions.of(guest.secret);
    return Initiator.create(InitiatorOptions.builder().hostNqn(guest.nqn).dhchap(options).build());
  }

  private ConnectOptions to(Door door) {
    return ConnectOptions.to(target().address(), door.nqn()).latencyIntent(true).build();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void whoGetsInWhere(Guest guest, Door door) {
    try (Initiator initiator = initiator(guest)) {
      if (door.admits(guest) && guest.believed) {
        served(guest, door, Waiting.get(initiator.connect(to(door))));
        return;
      }
      Throwable refusal = Waiting.failure(initiator.connect(to(door)));
      if (door == Door.NOBODY || !allowedByName(guest, door)) {
        assertThat(refusal)
            .isInstanceOfSatisfying(
                CommandException.class,
                each -> assertThat(Status.code(each.status())).isEqualTo(INVALID_HOST));
      } else {
        assertThat(refusal)
            .isInstanceOfSatisfying(
                ConnectionException.class,
                each ->
                    assertThat(each.reason())
                        .isEqualTo(ConnectionException.Reason.UNAUTHENTICATED));
      }
    }
  }

  private static boolean allowedByName(Guest guest, Door door) {
    return door.admits(guest.nqn.equals(Guest.PROVED.nqn) ? Guest.PROVED : guest);
  }

  private static void served(Guest guest, Door door, Association association) {
    List<Integer> seen = association.namespaces().stream().map(RemoteNamespace::nsid).toList();
    List<Integer> allowed =
        door != Door.BOTH ? List.of(1) : guest == Guest.PROVED ? List.of(1, 2, 3) : List.of(1, 3);
    assertThat(seen).isEqualTo(allowed);
    for (int nsid = 1; nsid <= 4; nsid++) {
      boolean there = allowed.contains(nsid);
      boolean writable = there && nsid != 3;
      assertThat(code(association, NvmOpcode.READ, nsid))
          .isEqualTo(there ? 0 : Status.INVALID_NAMESPACE);
      assertThat(code(association, NvmOpcode.WRITE, nsid))
          .isEqualTo(
              writable ? 0 : there ? Status.NAMESPACE_WRITE_PROTECTED : Status.INVALID_NAMESPACE);
    }
    LatencyClass highest =
        guest == Guest.PROVED
            ? LatencyClass.CRITICAL
            : guest.isNamed() ? LatencyClass.INTERACTIVE : LatencyClass.NORMAL;
    assertThat(association.intentGrant().maxClass()).isEqualTo(highest.code());
  }

  /** What one block there comes to, by a command nothing of ours has looked at before. */
  private static int code(Association association, int opcode, int nsid) {
    RawCommand command = new RawCommand(opcode, nsid).dword(Sqe.CDW10, 0).dword(Sqe.CDW12, 0);
    ByteBuffer block = ByteBuffer.allocateDirect(4096);
    command = opcode == NvmOpcode.READ ? command.receive(block) : command.send(block);
    CompletionStage<Integer> status =
        association
            .io(0, command)
            .handle(
                (done, failure) ->
                    failure instanceof CommandException refused
                        ? refused.status()
                        : failure == null ? Status.SUCCESS : -1);
    return Status.code(Waiting.get(status));
  }

  @ParameterizedTest
  @MethodSource("guests")
  void whoSeesWhat(Guest guest) {
    try (Initiator initiator = initiator(guest)) {
      if (!guest.believed) {
        assertThat(Waiting.failure(initiator.discover(target().address())))
            .isInstanceOf(ConnectionException.class);
        return;
      }
      List<Nqn> expected =
          Stream.concat(
                  Stream.of(Nqn.DISCOVERY),
                  Stream.of(Door.values()).filter(door -> door.admits(guest)).map(Door::nqn))
              .toList();
      assertThat(Waiting.get(initiator.discover(target().address())).entries())
          .extracting(DiscoveryLogEntry::subsystemNqn)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  static Stream<Guest> guests() {
    return Stream.of(Guest.values());
  }
}
