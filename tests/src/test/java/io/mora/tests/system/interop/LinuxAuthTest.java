package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** DH-HMAC-CHAP between a real Linux kernel and us, both ways. */
@Tag("interop")
class LinuxAuthTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String PREFIX = "nqn.2026-11.org.mora:";
  private static final Nqn KERNEL = new Nqn("nqn.2014-08.org.mora:kernel");
  private static final DhchapSecret CONTROLLER =
      DhchapSecret.generate(DhchapHash.SHA512, 64, RANDOM);

  /** What the emulated kernel needs for the largest group. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension final Evidence evidence = new Evidence();

  /**
   * A host of the guest.
   *
   * @param transform 0 or what gen-dhchap-key is told
   */
  private record Linux(String name, int transform, String rawHex, DhchapSpec demands) {
    static Linux of(
        String name, int transform, int length, DhchapHash hash, DhchapGroup... groups) {
      byte[] raw = new byte[length];
      RANDOM.nextBytes(raw);
      DhchapSecret secret =
          DhchapSecret.of(made(raw, transform, PREFIX + name), DhchapHash.of(transform));
      DhchapSpec demands =
          DhchapSpec.of(secret).withControllerKey(CONTROLLER).withHashes(hash).withGroups(groups);
      return new Linux(name, transform, HexFormat.of().formatHex(raw), demands);
    }

    HostSpec spec() {
      return new HostSpec(new Nqn(PREFIX + name), GrantSpec.DEFAULT, demands);
    }

    String argument() {
      return name + ":" + transform + ":" + rawHex;
    }
  }

  /** nvme-cli binds the raw secret to the name before it writes it down. */
  private static byte[] made(byte[] raw, int transform, String nqn) {
    if (transform == 0) {
      return raw;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA" + (transform == 1 ? 256 : transform == 2 ? 384 : 512));
      mac.init(new SecretKeySpec(raw, "raw"));
      return mac.doFinal((nqn + "NVMe-over-Fabrics").getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first is one whose secret is bound to its name, with a small group. */
  private static List<Linux> everyHashAndGroup() {
    List<Linux> hosts = new ArrayList<>();
    hosts.add(Linux.of("first", 1, 32, DhchapHash.SHA256, DhchapGroup.FFDHE2048));
    for (DhchapHash hash : DhchapHash.values()) {
      for (DhchapGroup group : DhchapGroup.values()) {
        int transform = hosts.size() % 2 == 0 ? 0 : hash.code();
        String name = hash.word() + "-" + group.word();
        hosts.add(Linux.of(name, transform, hash.lengthBytes(), hash, group));
      }
    }
    return hosts;
  }

  @Covers("auth")
  @Test
  void linuxHostsProveWhoTheyAre() {
    Guest.require();
    List<Linux> hosts = everyHashAndGroup();
    Path folder = evidence.keep();
    TransportAddress any = new TransportAddress("127.0.0.1", 0);
    TargetSpec spec =
        Served.on(2)
            .with(LimitsSpec.DEFAULT.withHandshakeTimeout(PATIENCE))
            .withMemory(64 << 20, 4096)
            .listening(0)
            .withListeners(List.of(new ListenerSpec(any, Guest.MACHINE, List.of())))
            .withHosts(hosts.stream().map(Linux::spec).toList());
    DaemonFixture daemon = evidence.closing(new DaemonFixture(folder, spec));
    List<Object> arguments = new ArrayList<>();
    arguments.add(daemon.port());
    arguments.add(Served.SUBSYSTEM);
    arguments.add(CONTROLLER.reveal());
    hosts.forEach(host -> arguments.add(host.argument()));
    Guest guest =
        evidence.closing(
            Guest.start(folder, List.of("--timeout", "900"), "host-auth.sh", arguments.toArray()));
    guest.passes();
    assertThat(guest.printed("RESULT")).hasSize(1);
    assertThat(daemon.logText())
        .doesNotContain(CONTROLLER.reveal().substring(10, 30))
        .doesNotContain(hosts.get(0).demands().key().reveal().substring(10, 30))
        .contains("is not let in");
  }

  /** What a host of ours does at the kernel's target. */
  private record Ours(
      String name,
      DhchapSecret secret,
      @Nullable DhchapSecret controller,
      DhchapHash hash,
      DhchapGroup group) {
    String argument() {
      return String.join(
          ",",
          PREFIX + name,
          secret.reveal(),
          controller == null ? "" : controller.reveal(),
          "hmac(" + hash.name().toLowerCase(Locale.ROOT) + ")",
          group == DhchapGroup.NULL ? "null" : group.word());
    }

    DhchapOptions options() {
      DhchapOptions options = DhchapOptions.of(secret).always();
      return controller == null ? options : options.withControllerSecret(controller);
    }
  }

  private static Ours ours(DhchapHash hash, DhchapGroup group, boolean both) {
    DhchapSecret secret = DhchapSecret.generate(hash, hash.lengthBytes(), RANDOM);
    DhchapSecret controller = both ? DhchapSecret.generate(hash, hash.lengthBytes(), RANDOM) : null;
    return new Ours(hash.word() + "-" + group.word() + both, secret, controller, hash, group);
  }

  @Test
  void weProveWhoWeAreToTheKernel() throws Exception {
    Guest.require();
    List<Ours> hosts =
        List.of(
            ours(DhchapHash.SHA256, DhchapGroup.NULL, false),
            ours(DhchapHash.SHA256, DhchapGroup.FFDHE2048, true),
            ours(DhchapHash.SHA384, DhchapGroup.FFDHE3072, true),
            ours(DhchapHash.SHA512, DhchapGroup.FFDHE4096, true),
            ours(DhchapHash.SHA512, DhchapGroup.FFDHE8192, true));
    Path folder = evidence.keep();
    int port = Guest.freePort();
    List<Object> arguments = new ArrayList<>(List.of(4420, 900));
    hosts.forEach(host -> arguments.add(host.argument()));
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--fwd", port + ":4420", "--stdin", "--timeout", "900"),
                "kernel-auth.sh",
                arguments.toArray()));
    guest.await("READY");
    GuestWire wire = evidence.closing(GuestWire.toGuest(port));
    for (Ours host : hosts) {
      ConnectOptions.Builder connect =
          ConnectOptions.to(new TransportAddress("127.0.0.1", wire.port()), KERNEL)
              .queues(2)
              .connectTimeoutMs(20_000)
              .adminTimeoutMs(60_000)
              .keepAliveTimeoutMs(60_000);
      try (Initiator initiator =
          Initiator.create(
              InitiatorOptions.builder().hostNqn(new Nqn(PREFIX + host.name())).build())) {
        readsAndWrites(initiator, connect.dhchap(host.options()).build());
        DhchapSecret other = DhchapSecret.generate(null, 32, RANDOM);
        Throwable wrong =
            Waiting.failure(initiator.connect(connect.dhchap(DhchapOptions.of(other)).build()));
        // The kernel may hang up before its reason has left.
        assertThat(wrong)
            .isInstanceOf(ConnectionException.class)
            .message()
            .containsPattern("UNAUTHENTICATED: authentication failed|LOST: while authenticating");
      }
    }
    guest.tell("stop");
    guest.passes();
  }

  private static void readsAndWrites(Initiator initiator, ConnectOptions options) {
    Association association = Waiting.get(initiator.connect(options));
    RemoteNamespace namespace = association.namespace(1);
    ByteBuffer data = ByteBuffer.allocateDirect(4096);
    data.putLong(0, 42);
    Waiting.get(namespace.write(3, 1, data));
    ByteBuffer back = ByteBuffer.allocateDirect(4096);
    Waiting.get(namespace.read(3, 1, back));
    assertThat(back.getLong(0)).isEqualTo(42);
    Waiting.get(association.disconnect());
  }
}
