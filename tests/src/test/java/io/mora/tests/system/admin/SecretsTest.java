package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.auth.DhchapOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.secret.SecretBox;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ApiClient.Answer;
import io.mora.tests.kit.api.ManagedTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts' secrets by the API: taken, sealed, never given back. */
class SecretsTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Nqn HOST = new Nqn("nqn.2026-01.example:h");
  private static final String HOSTS = "api/v1/hosts/" + HOST;
  private static final DhchapSecret KEY = DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM);
  private static final DhchapSecret OTHER = DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM);

  @TempDir Path folder;
  private ManagedTarget served;
  private ApiClient api;

  @BeforeEach
  void start() {
    TargetSpec spec =
        Served.on(1)
            .withMemory(4 << 20, 4096)
            .listening(0)
            .withHosts(List.of(new HostSpec(HOST), new HostSpec(new Nqn(HOST + "2"))));
    served = ManagedTarget.start(folder, spec);
    api = served.client();
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private Answer give(DhchapSecret key) {
    return api.put(HOSTS, "{\"dhchap\":{\"key\":\"" + key.reveal() + "\"}}");
  }

  private Answer rollback(int version) {
    return api.send("POST", "api/v1/config/rollback/" + version, Map.of("If-Match", "*"), "");
  }

  private void connects(@Nullable DhchapSecret key) {
    try (Initiator initiator = initiator(key)) {
      Waiting.get(initiator.connect(ConnectOptions.to(served.address(), Served.SUBSYSTEM).build()));
    }
  }

  private void isRefused(@Nullable DhchapSecret key) {
    try (Initiator initiator = initiator(key)) {
      Throwable failure =
          Waiting.failure(
              initiator.connect(ConnectOptions.to(served.address(), Served.SUBSYSTEM).build()));
      assertThat(failure)
          .isInstanceOfSatisfying(
              ConnectionException.class,
              each -> assertThat(each.reason()).isEqualTo(Reason.UNAUTHENTICATED));
    }
  }

  private static Initiator initiator(@Nullable DhchapSecret key) {
    DhchapOptions options = key == null ? null : DhchapOptions.of(key);
    return Initiator.create(InitiatorOptions.builder().hostNqn(HOST).dhchap(options).build());
  }

  private void nowhereInTheClear(DhchapSecret secret) throws IOException {
    String inner = secret.reveal().substring(10, 40);
    try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(inner);
      }
    }
    for (String path :
        List.of("config", "config/history", "config/diff", "hosts", "events", "subsystems")) {
      assertThat(api.get("api/v1/" + path).body()).as(path).doesNotContain(inner);
    }
  }

  @Test
  void aKeyIsTakenSealedAndAskedFor() throws IOException {
    connects(null);
    Answer given = give(KEY);
    assertThat(given.status()).as(given.body()).isEqualTo(200);
    assertThat(given.body()).doesNotContain(KEY.reveal()).contains(SecretBox.START);
    isRefused(null);
    isRefused(OTHER);
    connects(KEY);
    nowhereInTheClear(KEY);
    assertThat(give(KEY).json().get("changes")).isEmpty();
    // Another: of the next connection on.
    assertThat(give(OTHER).status()).isEqualTo(200);
    isRefused(KEY);
    connects(OTHER);
    nowhereInTheClear(KEY);
    nowhereInTheClear(OTHER);
    JsonNode versions = api.get("api/v1/config/history").json().get("versions");
    int former = versions.get(1).get("version").asInt();
    assertThat(rollback(former).status()).isEqualTo(200);
    connects(KEY);
  }

  @Test
  void whatIsAnsweredCanBePutBackAndOnlyThere() throws ConfigException {
    give(KEY);
    ObjectNode config = (ObjectNode) api.get("api/v1/config").json();
    ((ObjectNode) config.get("hosts").get(1)).put("weight", 7);
    Answer back = api.put("api/v1/config", config.toString(), "*");
    assertThat(back.status()).as(back.body()).isEqualTo(200);
    assertThat(back.json().get("changes")).hasSize(1);
    connects(KEY);
    // A sealed secret of one host is none of another's.
    JsonNode dhchap = api.get(HOSTS).json().get("dhchap");
    Answer moved = api.put(HOSTS + "2", "{\"dhchap\":" + dhchap + "}");
    assertThat(moved.status()).isEqualTo(422);
    assertThat(moved.json().at("/errors/0/field").asText()).isEqualTo("hosts[1].dhchap.key");
    assertThat(ConfigFile.read(served.file()).spec()).isEqualTo(served.target().spec());
  }

  @Test
  void aTlsKeyIsTakenAndSealedToo() throws IOException, ConfigException {
    TlsPsk psk = TlsPsk.generate(TlsHash.SHA384, RANDOM);
    Answer given = api.put(HOSTS, "{\"tls\":{\"psk\":\"" + psk.reveal() + "\"}}");
    assertThat(given.status()).as(given.body()).isEqualTo(200);
    String inner = psk.reveal().substring(16, 60);
    assertThat(given.body()).doesNotContain(inner).contains(SecretBox.START);
    try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(inner);
      }
    }
    TargetSpec written = ConfigFile.read(served.file()).spec();
    assertThat(written).isEqualTo(served.target().spec());
    assertThat(written.hosts().get(0).tls()).isEqualTo(TlsSpec.of(psk));
    Answer wrong = api.put(HOSTS, "{\"tls\":{\"psk\":\"NVMeTLSkey-1:01:AAECAwQFBgcICQ==:\"}}");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body()).doesNotContain("AAECAwQ").contains("tls.psk");
  }

  @Test
  void whatIsNoKeyIsRefusedWithoutBeingShown() {
    Answer answer = api.put(HOSTS, "{\"dhchap\":{\"key\":\"DHHC-1:01:AAECAwQFBgcICQ==:\"}}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).doesNotContain("AAECAwQ").contains("dhchap.key");
    assertThat(api.get("api/v1/events?kind=change").body()).doesNotContain("AAECAwQ");
    connects(null);
  }
}
