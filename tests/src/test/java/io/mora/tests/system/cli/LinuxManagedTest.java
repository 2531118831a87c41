package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Repository;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ApiClient.Answer;
import io.mora.tests.kit.api.RandomChanges;
import io.mora.tests.kit.api.RandomChanges.Wrong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's commands make a disk of nothing; a real Linux host writes and verifies it while
 * everything else is changed at random, and while the daemon is killed in the middle of that.
 */
@Tag("interop")
class LinuxManagedTest {
  private static final String NQN = "nqn.2026-11.org.example:disk";
  private static final String HOST =
      "nqn.2014-08.org.nvmexpress:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427";
  private static final List<String> HOSTS =
      List.of("nqn.2026-01.example:h0", "nqn.2026-01.example:h1");
  private static final int CHANGES = Integer.getInteger("mora.managedChanges", 500);
  private static final int KILLS = 3;

  @RegisterExtension final Evidence evidence = new Evidence();

  @TempDir Path sockets;

  private ApiClient api;
  private final AtomicInteger weight = new AtomicInteger(100);

  @BeforeEach
  void prepare() {
    api = new ApiClient(sockets.resolve("a.sock"));
  }

  /** With a port that stays the same when the daemon reads what it wrote. */
  private static TargetSpec empty() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return Served.on(2).listening(free.getLocalPort()).withSubsystems(List.of());
    }
  }

  /** Types what the README says, but for where the file is and how large. */
  private static int typeReadme(MoraRun.At mora, Path file) throws IOException {
    Matcher block =
        Pattern.compile("<!-- run by LinuxManagedTest.*?-->\n```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Repository.root().resolve("README.md")));
    assertThat(block.find()).isTrue();
    List<String> lines =
        block
            .group(1)
            .lines()
            .filter(line -> !line.matches("\\./mora (target run|top).*"))
            .map(line -> line.replace("/var/tmp/disk.img", file.toString()))
            .map(line -> line.replace("10GiB", "256MiB"))
            .toList();
    for (String line : lines) {
      assertThat(line).startsWith("./mora ");
      MoraRun ran = mora.run(line.substring("./mora ".length()));
      assertThat(ran.exitCode()).as("%s: %s", line, ran.err()).isZero();
    }
    return lines.size();
  }

  @Test
  void aLinuxHostUsesWhatCommandsMadeThroughChangesAndDeaths() throws IOException {
    Guest.require();
    Path folder = evidence.keep();
    Path socket = sockets.resolve("a.sock");
    DaemonFixture daemon =
        evidence.closing(new DaemonFixture(folder, AdminSpec.of(socket.toString()), empty()));
    assertThat(typeReadme(new MoraRun.At(socket), folder.resolve("disk.img"))).isEqualTo(3);
    HOSTS.forEach(
        host -> assertThat(api.put("api/v1/hosts/" + host, "{}").status()).isEqualTo(200));
    RandomChanges changes = new RandomChanges(NQN, HOSTS, 1, new Random(evidence.seed()));

    GuestWire wire = evidence.closing(GuestWire.fromGuest(daemon.port()));
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "900", "--stdin"),
                "host-managed.sh",
                wire.port(),
                NQN,
                HOST,
                KILLS));
    int[] kills = {0};
    int status =
        guest.end(
            line -> {
              if (line.equals("CHANGE")) {
                change(changes);
                guest.tell("done");
              } else if (line.equals("KILL")) {
                kill(daemon, ++kills[0] == KILLS);
                guest.tell("done");
              }
            });
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(kills[0]).isEqualTo(KILLS);
    Files.delete(folder.resolve("disk.img"));
  }

  /** As many valid changes as invalid ones, each looked at. */
  private void change(RandomChanges changes) {
    List<Integer> before = controllers();
    int made = 0;
    for (int i = 0; made < CHANGES; i++) {
      Answer done = changes.valid(api);
      // What is not there cannot be removed, and is no namespace's subsystem.
      assertThat(done.status()).as("change %s: %s", i, done).isIn(200, 404);
      made += done.status() == 200 ? 1 : 0;
    }
    Answer config = api.get("api/v1/config");
    for (int i = 0; i < CHANGES; i++) {
      Wrong wrong = changes.wrong();
      Answer refused = api.put(wrong.path(), wrong.body());
      assertThat(wrong.isRefusedBy(refused)).as("%s: %s", wrong, refused).isTrue();
      assertThat(api.get("api/v1/config").etag()).isEqualTo(config.etag());
    }
    assertThat(api.get("api/v1/config").body()).isEqualTo(config.body());
    assertThat(controllers()).hasSize(1).isEqualTo(before);
  }

  /** Who is connected, by the number of each controller. */
  private List<Integer> controllers() {
    return api.get("api/v1/controllers").json().findValues("cntlid").stream()
        .map(JsonNode::asInt)
        .toList();
  }

  private void kill(DaemonFixture daemon, boolean inPeace) {
    if (inPeace) {
      String config = api.get("api/v1/config").body();
      daemon.kill();
      daemon.startAsItIs();
      assertThat(api.get("api/v1/config").body()).isEqualTo(config);
      return;
    }
    AtomicInteger asked = new AtomicInteger(weight.get());
    int enough = weight.get() + 5;
    Thread writer = new Thread(() -> raiseWeight(asked), "writer");
    writer.start();
    Waiting.until("some changes", () -> weight.get() >= enough);
    daemon.kill();
    try {
      writer.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    daemon.startAsItIs();
    int left = api.get("api/v1/hosts/" + HOSTS.get(0)).json().path("weight").asInt();
    assertThat(left).isBetween(weight.get(), asked.get());
    assertThat(api.get("api/v1/config/diff").json().path("changes")).isEmpty();
    weight.set(left);
  }

  private void raiseWeight(AtomicInteger asked) {
    try {
      while (asked.get() < 900) {
        int next = asked.incrementAndGet();
        Answer answer = api.put("api/v1/hosts/" + HOSTS.get(0), "{\"weight\":" + next + "}");
        if (answer.status() != 200) {
          return;
        }
        weight.set(next);
      }
    } catch (UncheckedIOException | IllegalStateException dead) {
      // That is what is tested.
    }
  }
}
