package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ApiClient.Answer;
import io.mora.tests.kit.api.ManagedTarget;
import io.mora.tests.kit.api.RandomChanges;
import io.mora.tests.kit.api.RandomChanges.Wrong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes at random: after each, what runs is what is written and what was asked for, or before.
 */
class RandomChangesTest {
  private static final int CHANGES = 300;
  private static final List<String> HOSTS =
      IntStream.range(0, 4).mapToObj(i -> "nqn.2026-01.example:h" + i).toList();

  @TempDir Path folder;

  private static TargetSpec spec() {
    return Served.on(1)
        .withMemory(4 << 20, 4096)
        .withMemory(4 << 20, 4096)
        .listening(0)
        .withHosts(HOSTS.stream().map(nqn -> new HostSpec(new Nqn(nqn))).toList());
  }

  private static void agree(ManagedTarget served) throws IOException, ConfigException {
    assertThat(ConfigFile.read(served.file()).spec()).isEqualTo(served.target().spec());
  }

  @Test
  void validOnesAreMadeAndInvalidOnesChangeNothing() throws IOException, ConfigException {
    long seed = System.nanoTime();
    System.out.println("RandomChangesTest seed " + seed);
    RandomChanges changes = new RandomChanges(Served.SUBSYSTEM.value(), HOSTS, 0, new Random(seed));
    try (ManagedTarget served = ManagedTarget.start(folder, spec())) {
      ApiClient api = served.client();
      int made = 0;
      for (int i = 0; i < CHANGES; i++) {
        Answer done = changes.valid(api);
        // What is not there cannot be removed, and is no namespace's subsystem.
        assertThat(done.status()).as("seed %s, change %s: %s", seed, i, done).isIn(200, 404);
        made += done.status() == 200 ? 1 : 0;
        String etag = String.valueOf(api.get("api/v1/config").etag());
        agree(served);
        String before = Files.readString(served.file());
        TargetSpec spec = served.target().spec();
        Wrong wrong = changes.wrong();
        Answer refused = api.put(wrong.path(), wrong.body());
        assertThat(wrong.isRefusedBy(refused)).as("seed %s: %s %s", seed, wrong, refused).isTrue();
        assertThat(Files.readString(served.file())).isEqualTo(before);
        assertThat(served.target().spec()).isSameAs(spec);
        assertThat(String.valueOf(api.get("api/v1/config").etag())).isEqualTo(etag);
      }
      assertThat(made).isGreaterThan(CHANGES / 2);
      JsonNode versions = api.get("api/v1/config/history").json().get("versions");
      assertThat(versions.size()).isBetween(2, 33);
    }
  }

  @Test
  void ofWritersWithOneEtagOneWins() throws Exception {
    int writers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try (ManagedTarget served = ManagedTarget.start(folder, spec())) {
      for (int round = 0; round < 20; round++) {
        String etag = served.client().get("api/v1/config").etag();
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          String body = "{\"weight\":" + (1 + round * writers + i) + "}";
          answers.add(
              threads.submit(
                  () -> {
                    go.await();
                    return served.client().put("api/v1/hosts/nqn.2026-01.example:h0", body, etag);
                  }));
        }
        go.countDown();
        assertThat(statuses(answers)).containsExactlyInAnyOrder(200, 412, 412, 412);
        agree(served);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Integer> statuses(List<Future<Answer>> answers)
      throws InterruptedException, ExecutionException {
    List<Integer> statuses = new ArrayList<>();
    for (Future<Answer> each : answers) {
      statuses.add(each.get().status());
    }
    return statuses;
  }
}
