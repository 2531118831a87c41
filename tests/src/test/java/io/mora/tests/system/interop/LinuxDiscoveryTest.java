package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Linux host keeps a discovery controller, and is told when what it may use changes. */
@Tag("interop")
class LinuxDiscoveryTest {
  private static final Nqn ADDED = new Nqn("nqn.2026-11.io.mora:added");
  private static final Nqn REFERRED = new Nqn("nqn.2026-11.io.mora:referred");
  private static final TransportAddress ANY = new TransportAddress("127.0.0.1", 0);

  @RegisterExtension final Evidence evidence = new Evidence();

  @Covers({"log.discovery", "event", "keepalive"})
  @Test
  void aControllerThatStaysIsToldOfChanges() {
    Guest.require();
    MoraTarget here = start(Served.SUBSYSTEM);
    MoraTarget elsewhere = start(REFERRED);
    Guest guest =
        evidence.closing(
            Guest.start(
                evidence.keep(),
                List.of("--timeout", "600"),
                "host-discovery.sh",
                discoveryPort(here),
                Served.SUBSYSTEM,
                ADDED,
                discoveryPort(elsewhere),
                REFERRED));
    int status =
        guest.end(
            line -> {
              TargetSpec wanted = wanted(line, here.spec(), discoveryPort(elsewhere));
              if (wanted != null) {
                assertThat(here.apply(wanted).problems()).isEmpty();
              }
            });
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(guest.printed("RESULT")).hasSize(1);
  }

  /** The daemons that large installations use in place of an administrator. */
  @Covers("log.discovery")
  @Test
  void nvmeStasFollowsTheLog() {
    Guest.require();
    MoraTarget here = start(Served.SUBSYSTEM);
    Guest guest =
        evidence.closing(
            Guest.start(
                evidence.keep(),
                List.of("--timeout", "900"),
                "host-stas.sh",
                discoveryPort(here),
                Served.SUBSYSTEM,
                ADDED));
    int status =
        guest.end(
            line -> {
              TargetSpec wanted = wanted(line, here.spec(), 0);
              if (wanted != null) {
                assertThat(here.apply(wanted).problems()).isEmpty();
              }
            });
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(guest.printed("RESULT")).hasSize(1);
  }

  private MoraTarget start(Nqn nqn) {
    TargetSpec spec =
        Served.on(1)
            .listening(0)
            .withListeners(List.of(new ListenerSpec(ANY, Guest.MACHINE, List.of())))
            .withDiscovery(new DiscoverySpec(List.of(ANY), Guest.MACHINE))
            .withSubsystems(List.of(subsystem(nqn)));
    return evidence.closing(TargetFixture.start(spec)).target();
  }

  private static SubsystemSpec subsystem(Nqn nqn) {
    BackendSpec memory = new BackendSpec.Memory(16 << 20);
    return SubsystemSpec.openToAll(nqn, List.of(NamespaceSpec.of(nqn, 1, 4096, memory)));
  }

  /** The first listener is discovery's. */
  private static int discoveryPort(MoraTarget target) {
    return target.listeners().get(0).address().getPort();
  }

  private static @Nullable TargetSpec wanted(String line, TargetSpec now, int elsewhere) {
    return switch (line) {
      case "ADD" -> now.withSubsystems(List.of(subsystem(Served.SUBSYSTEM), subsystem(ADDED)));
      case "REMOVE" -> now.withSubsystems(List.of(subsystem(Served.SUBSYSTEM)));
      case "REFER" ->
          now.withDiscovery(
              now.discovery()
                  .withReferrals(List.of(new TransportAddress(Guest.MACHINE, elsewhere))));
      default -> null;
    };
  }
}
