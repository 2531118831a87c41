package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Conformance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two Linux hosts, each a kernel of its own, fence each other off a namespace: by nvme-cli, and by
 * the kernel's own persistent reservations, which clusters use. A third host, ours, asks the target
 * each time whether it sees the same.
 */
@Tag("interop")
class LinuxReservationTest {
  private static final String NQN = Served.SUBSYSTEM.value();
  private static final int REPORT = 0x0E;
  private static final int REGISTRANT = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension final Evidence evidence = new Evidence();

  /** What a report says, whoever it was given to. */
  private record View(long generation, int type, boolean kept, List<Registrant> registrants) {}

  private record Registrant(long key, boolean holds) {}

  /** A host in a guest that does what it is told. */
  private static final class Host {
    private final Guest guest;

    Host(Evidence evidence, DaemonFixture daemon, String name) {
      Path folder = evidence.keep().resolve(name);
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      // The target is killed under load, which the emulator's network does not survive by itself.
      GuestWire wire = evidence.closing(GuestWire.fromGuest(daemon.port()));
      guest =
          evidence.closing(
              Guest.start(
                  folder,
                  List.of("--stdin", "--timeout", "900"),
                  "host-reserved.sh",
                  wire.port(),
                  NQN,
                  1,
                  "nqn.2014-08.org.nvmexpress:uuid:4d6f7261-0000-4000-8000-00000000000" + name));
    }

    /** Does all of it, one after the other. */
    void does(String... lines) {
      for (String line : lines) {
        guest.tell(line);
        guest.await("DONE " + line.split(" ", 2)[0]);
      }
    }

    View reports() {
      guest.tell("report");
      String text = guest.await("REPORT ").substring("REPORT ".length());
      guest.await("DONE report");
      try {
        return view(JSON.readTree(text));
      } catch (JsonProcessingException e) {
        throw new AssertionError(text, e);
      }
    }

    private static View view(JsonNode json) {
      List<Registrant> registrants = new ArrayList<>();
      for (JsonNode each : json.findParents("rkey")) {
        registrants.add(
            new Registrant(each.get("rkey").asLong(), (each.get("rcsts").asInt() & 1) != 0));
      }
      return new View(
          json.get("gen").asLong(),
          json.get("rtype").asInt(),
          json.get("ptpls").asInt() == 1,
          registrants);
    }

    void ends() {
      guest.tell("stop");
      int status = guest.end();
      assertThat(guest.printed("FAIL")).isEmpty();
      assertThat(status).isZero();
      assertThat(guest.printed("RESULT")).hasSize(1);
    }
  }

  /** As the target tells it to somebody who takes no part. */
  private static View target(DaemonFixture daemon) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
    byte[] observer = Capsules.connectData(0xFFFF, NQN, "nqn.2026-01.io.mora:observer", 5);
    try (RawSession session = RawSession.connect(address, NQN, Capsules.connect(0, observer), 0)) {
      session.enable();
      byte[] again = Capsules.connectData(session.cntlid(), NQN, "nqn.2026-01.io.mora:observer", 5);
      Outcome outcome =
          session
              .queue(Capsules.connect(1, again), 0, 0)
              .run(
                  Capsules.transfer(REPORT, 1, 1, 256)
                      .put(Capsules.CDW10, 4, 63)
                      .put(Capsules.CDW11, 4, 1));
      Conformance.assertOk(outcome);
      ByteBuffer data = ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
      List<Registrant> registrants = new ArrayList<>();
      for (int i = 1; i <= data.getShort(5); i++) {
        registrants.add(
            new Registrant(
                data.getLong(i * REGISTRANT + 8), (data.get(i * REGISTRANT + 2) & 1) != 0));
      }
      return new View(data.getInt(0), data.get(4), data.get(9) == 1, registrants);
    }
  }

  /** All three see the same, and it is this. */
  private static View sees(
      DaemonFixture daemon, Host a, Host b, int type, Registrant... registrants) {
    View view = target(daemon);
    assertThat(view.type()).as("RTYPE").isEqualTo(type);
    assertThat(view.registrants()).containsExactlyInAnyOrder(registrants);
    assertThat(a.reports()).isEqualTo(view);
    assertThat(b.reports()).isEqualTo(view);
    return view;
  }

  @Covers({"resv", "resv.preempt", "resv.ptpl"})
  @Test
  void twoHostsFenceEachOtherOff() {
    Guest.require();
    Path data = evidence.closing(new Scratch()).folder();
    Served served = Served.on(2).withFile(data.resolve("shared"), 64 << 20, 4096);
    DaemonFixture daemon = evidence.closing(DaemonFixture.start(evidence.keep(), served));
    Host a = new Host(evidence, daemon, "a");
    Host b = new Host(evidence, daemon, "b");
    a.guest.await("READY");
    b.guest.await("READY");

    byNvmeCli(daemon, a, b);
    byTheKernel(daemon, a, b);
    a.ends();
    b.ends();
  }

  private static void byNvmeCli(DaemonFixture daemon, Host a, Host b) {
    a.does("register 0xa");
    b.does("register 0xb");
    a.does("acquire 0xa 1");
    b.does("no-writes", "reads");
    a.does("writes");
    sees(daemon, a, b, 1, new Registrant(0xa, true), new Registrant(0xb, false));
    a.does("begin-writes");
    b.does("preempt 0xb 0xa 2");
    a.does("lost-writes", "no-reads");
    b.does("writes");
    sees(daemon, a, b, 2, new Registrant(0xb, true));
    b.does("release 0xb 2");
    a.does("writes");
    b.does("unregister 0xb");
    sees(daemon, a, b, 0);
  }

  /** Linux asks for persistence (CPTPL) with each registration of its own. */
  private static void byTheKernel(DaemonFixture daemon, Host a, Host b) {
    a.does("pr --command register --key 0xaa");
    b.does("pr --command register --key 0xbb");
    a.does("pr --command reserve --key 0xaa --type exclusive-access");
    b.does("no-reads", "no-writes");
    View before = sees(daemon, a, b, 2, new Registrant(0xaa, true), new Registrant(0xbb, false));
    assertThat(before.kept()).as("PTPLS").isTrue();
    daemon.kill();
    daemon.startAgain();
    b.does("reconnected", "no-reads");
    a.does("reconnected", "writes");
    View after = sees(daemon, a, b, 2, new Registrant(0xaa, true), new Registrant(0xbb, false));
    assertThat(after).isEqualTo(before);
    b.does("pr --command preempt --oldkey 0xbb --key 0xaa --type write-exclusive");
    a.does("reads", "no-writes");
    b.does("writes");
    sees(daemon, a, b, 1, new Registrant(0xbb, true));
    b.does("pr --command clear --key 0xbb");
    a.does("writes");
    sees(daemon, a, b, 0);
  }
}
