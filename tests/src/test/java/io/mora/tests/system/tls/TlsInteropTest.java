package io.mora.tests.system.tls;

import static io.mora.tests.system.tls.TlsRig.HOST;
import static io.mora.tests.system.tls.TlsRig.host;
import static io.mora.tests.system.tls.TlsRig.readsAndWrites;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawPsk;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSL and GnuTLS, which is what Linux shakes hands by, with both of our ends. */
@Tag("interop")
@Covers("tcp.tls")
class TlsInteropTest {
  private static final byte[] CONFIGURED = new byte[32];
  private static final String PRIORITY =
      "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+DHE-PSK:+ECDHE-PSK:+PSK";

  static {
    TlsRig.RANDOM.nextBytes(CONFIGURED);
  }

  private static final TlsPsk PSK = TlsPsk.of(CONFIGURED, true);
  private static final RawPsk RAW = RawPsk.of(CONFIGURED, HOST.value(), Served.SUBSYSTEM.value());

  @RegisterExtension final Evidence evidence = new Evidence();
  @TempDir Path folder;

  private TargetFixture target(TlsPolicy policy) {
    return new TlsRig(evidence, TransportKind.best()).target(policy, host(HOST, PSK));
  }

  private static List<String> openSslClient(int port, String... more) {
    List<String> command =
        List.of(
            "openssl",
            "s_client",
            "-connect",
            "127.0.0.1:" + port,
            "-tls1_3",
            "-psk",
            RAW.keyHex(),
            "-psk_identity",
            RAW.identity());
    return java.util.stream.Stream.concat(command.stream(), Arrays.stream(more)).toList();
  }

  private static RawHost initialised(int port) {
    return RawHost.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .initialise(0, 0);
  }

  /** An association by hand, whose bytes another implementation seals. */
  private static void drives(int port) {
    String subsystem = Served.SUBSYSTEM.value();
    try (RawHost admin = initialised(port)) {
      Outcome connected =
          admin.run(Capsules.connect(0, Capsules.connectData(0xFFFF, subsystem, HOST.value())));
      assertThat(connected.code()).isZero();
      int cntlid = connected.dw0() & 0xFFFF;
      admin.run(Capsules.propertySet(admin.cid(), 0x14, 0x460001));
      assertThat(admin.run(Capsules.identify(admin.cid(), 1, 0)).data()).hasSize(4096);
      admin.run(Capsules.setFeature(admin.cid(), 7, 0x10001));
      try (RawHost io = initialised(port)) {
        byte[] data = Capsules.connectData(cntlid, subsystem, HOST.value());
        assertThat(io.run(Capsules.connect(1, data)).code()).isZero();
        byte[] content = new byte[256 << 10];
        new Random(9).nextBytes(content);
        int write = io.cid();
        assertThat(
                io.write(
                        Capsules.blocks(Capsules.transfer(1, write, 1, content.length), 0, 512),
                        content)
                    .code())
            .isZero();
        Outcome read =
            io.run(Capsules.blocks(Capsules.transfer(2, io.cid(), 1, content.length), 0, 512));
        assertThat(read.data()).isEqualTo(content);
      }
    }
  }

  @Test
  void openSslIsAHostOfOurs() {
    Peers.require("openssl");
    try (Peers peers = new Peers()) {
      TargetFixture target = target(TlsPolicy.REQUIRED);
      drives(peers.behindClient(openSslClient(target.port(), "-quiet")));
    }
  }

  @Test
  void openSslChangesKeysAndAsksUsTo() throws IOException {
    Peers.require("openssl");
    TargetFixture target = target(TlsPolicy.REQUIRED);
    Process client =
        new ProcessBuilder(openSslClient(target.port())).redirectErrorStream(true).start();
    try {
      InputStream said = client.getInputStream();
      until(said, "Verify return code".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 3; i++) {
        client.getOutputStream().write("K\n".getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
        until(said, "KEYUPDATE".getBytes(StandardCharsets.US_ASCII));
      }
      client.getOutputStream().write(Capsules.icReq(0, 0).encode(false, false));
      client.getOutputStream().flush();
      until(said, new byte[] {1, 0, (byte) 128, 0, (byte) 128, 0, 0, 0});
    } finally {
      client.destroyForcibly();
    }
  }

  private static void until(InputStream said, byte[] what) {
    byte[] last = new byte[what.length];
    Waiting.until(
        HexFormat.of().formatHex(what),
        () -> {
          while (!Arrays.equals(last, what) && said.available() > 0) {
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = (byte) said.read();
          }
          return Arrays.equals(last, what);
        });
  }

  @Test
  void gnuTlsIsAHostOfOurs() {
    Peers.require("gnutls-cli");
    try (Peers peers = new Peers()) {
      TargetFixture target = target(TlsPolicy.ALLOWED);
      drives(
          peers.behindClient(
              List.of(
                  "gnutls-cli",
                  "--logfile=/dev/null",
                  "--no-ca-verification",
                  "--priority",
                  PRIORITY,
                  "--pskusername",
                  RAW.identity(),
                  "--pskkey",
                  RAW.keyHex(),
                  "-p",
                  String.valueOf(target.port()),
                  "127.0.0.1")));
    }
  }

  @Test
  void openSslIsATargetOfOurs() {
    Peers.require("openssl");
    try (Peers peers = new Peers()) {
      TargetFixture plain = target(TlsPolicy.NONE);
      int port =
          peers.behindServer(
              accept ->
                  List.of(
                      "openssl",
                      "s_server",
                      "-accept",
                      "127.0.0.1:" + accept,
                      "-naccept",
                      "1",
                      "-tls1_3",
                      "-nocert",
                      "-psk",
                      RAW.keyHex(),
                      "-psk_identity",
                      RAW.identity(),
                      "-quiet"),
              plain.port());
      Association association =
          Waiting.get(
              new TlsRig(evidence, TransportKind.best())
                  .initiator(PSK)
                  .connect(
                      ConnectOptions.to(new TransportAddress("127.0.0.1", port), Served.SUBSYSTEM)
                          .queues(1)
                          .controllerLossTimeoutMs(0)
                          .build()));
      readsAndWrites(association, 11);
      Waiting.get(association.disconnect());
    }
  }

  @Test
  void gnuTlsTakesOurHandshakeAndRecords() throws IOException {
    Peers.require("gnutls-serv");
    try (Peers peers = new Peers()) {
      Path passwords = folder.resolve("psk");
      String name = HexFormat.of().formatHex(RAW.identity().getBytes(StandardCharsets.UTF_8));
      Files.writeString(passwords, "#" + name + ":" + RAW.keyHex() + "\n");
      int port = Guest.freePort();
      peers.start(
          List.of(
              "gnutls-serv",
              "--echo",
              "--quiet",
              "--priority",
              PRIORITY,
              "--pskpasswd",
              passwords.toString(),
              "-p",
              String.valueOf(port)));
      Peers.reach(port).close();
      try (RawTls tls = RawTls.connect(port, PSK, HOST)) {
        for (String line : List.of("one\n", "x".repeat(1000) + "\n", "three\n")) {
          tls.send(line.getBytes(StandardCharsets.US_ASCII));
          StringBuilder back = new StringBuilder();
          while (back.length() < line.length()) {
            byte[] some = tls.receive();
            assertThat(some).isNotEmpty();
            back.append(new String(some, StandardCharsets.US_ASCII));
          }
          assertThat(back.toString()).isEqualTo(line);
          tls.sendBytes(tls.keyUpdate());
        }
      }
    }
  }
}
