package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ApiClient.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon itself: a signal, and its death in the middle of changes. */
class DaemonConfigTest {
  private static final String HOST = "api/v1/hosts/nqn.2026-01.example:h";

  /** Deaths; each in the middle of a stream of changes. */
  private static final int DEATHS = 8;

  @TempDir Path folder;

  private DaemonFixture start(TargetSpec spec) {
    return new DaemonFixture(folder, AdminSpec.of(folder.resolve("a.sock").toString()), spec);
  }

  private ApiClient api() {
    return new ApiClient(folder.resolve("a.sock"));
  }

  private static int weight(ApiClient api) {
    return api.get(HOST).json().get("weight").asInt();
  }

  @Test
  void hangupTakesEditsOver() throws IOException {
    try (DaemonFixture daemon = start(ApiTest.spec())) {
      Path file = folder.resolve("target.yaml");
      Files.writeString(file, Files.readString(file).replace("weight: 100", "weight: 42"));
      daemon.hangUp();
      Waiting.until("the edit is in force", () -> weight(api()) == 42);
      Files.writeString(file, Files.readString(file).replace("weight: 42", "weight: 0"));
      daemon.hangUp();
      Waiting.until(
          "the refusal is logged", () -> daemon.logText().contains("hosts[0].weight = 0"));
      assertThat(weight(api())).isEqualTo(42);
    }
  }

  @Test
  void aDeathInTheMiddleOfChangesLeavesTheLastAnsweredOrTheOneUnderWay()
      throws IOException, ConfigException, InterruptedException {
    long seed = System.nanoTime();
    System.out.println("DaemonConfigTest seed " + seed);
    Random random = new Random(seed);
    AtomicInteger answered = new AtomicInteger(100);
    AtomicInteger asked = new AtomicInteger(100);
    try (DaemonFixture daemon = start(ApiTest.spec())) {
      for (int death = 0; death < DEATHS; death++) {
        Thread writer = new Thread(() -> write(asked, answered), "writer");
        int before = answered.get();
        writer.start();
        int enough = before + 2 + random.nextInt(12);
        Waiting.until("some changes", () -> answered.get() >= Math.min(enough, 990));
        daemon.kill();
        writer.join();
        ConfigFile left = ConfigFile.read(folder.resolve("target.yaml"));
        int weight = left.spec().hosts().get(0).grants().weight();
        assertThat(weight).as("seed %s", seed).isBetween(answered.get(), asked.get());
        daemon.startAsItIs();
        assertThat(weight(api())).isEqualTo(weight);
        asked.set(weight);
        answered.set(weight);
      }
    }
  }

  private void write(AtomicInteger asked, AtomicInteger answered) {
    try {
      for (int i = 0; i < 80; i++) {
        int next = asked.incrementAndGet();
        Answer answer = api().put(HOST, "{\"weight\":" + next + "}");
        if (answer.status() != 200) {
          return;
        }
        answered.set(next);
      }
    } catch (UncheckedIOException | IllegalStateException dead) {
      // That is what is tested.
    }
  }
}
