package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Linux host with two paths to a target that changes while it is used. */
@Tag("interop")
class LinuxPathsTest {
  private static final long SIZE = 128L << 20;
  private static final int ADDED = 5;

  /** {@code .ci/full} wants more. */
  private static final int FAILOVERS = Integer.getInteger("mora.failovers", 10);

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void nativeMultipathFollowsAndNamespacesComeAndGo() {
    Guest.require();
    Path folder = evidence.keep();
    TargetSpec spec =
        Served.on(2)
            .withMemory(SIZE, 4096)
            .listening(0)
            .withListeners(
                List.of(ListenerSpec.of("127.0.0.1", 0), ListenerSpec.of("127.0.0.1", 0)));
    TargetFixture fixture = evidence.closing(TargetFixture.start(spec));
    var listeners = fixture.target().listeners();
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of("--timeout", "900"),
                "host-live.sh",
                listeners.get(0).address().getPort(),
                listeners.get(1).address().getPort(),
                Served.SUBSYSTEM,
                FAILOVERS));
    int[] changes = {0};
    int status =
        guest.end(
            line -> {
              TargetSpec wanted = wanted(line, fixture.target().spec());
              if (wanted != null) {
                changes[0]++;
                assertThat(fixture.target().apply(wanted).problems()).isEmpty();
              }
            });
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    assertThat(changes[0]).isEqualTo(FAILOVERS + 4);
  }

  private static @Nullable TargetSpec wanted(String line, TargetSpec now) {
    return switch (line) {
      case "PATH-A" -> states(now, AnaState.OPTIMIZED, AnaState.INACCESSIBLE);
      case "PATH-B" -> states(now, AnaState.INACCESSIBLE, AnaState.OPTIMIZED);
      case "PATHS-AB" -> states(now, AnaState.OPTIMIZED, AnaState.OPTIMIZED);
      case "ADD" -> with(now, 64L << 20);
      case "GROW" -> with(now, SIZE);
      case "REMOVE" -> with(now, 0);
      default -> null;
    };
  }

  private static TargetSpec states(TargetSpec now, AnaState a, AnaState b) {
    return now.withListeners(
        List.of(
            now.listeners().get(0).withAna(List.of(new AnaGroupState(1, a))),
            now.listeners().get(1).withAna(List.of(new AnaGroupState(1, b)))));
  }

  /** With a second namespace of a size; 0 is none. */
  private static TargetSpec with(TargetSpec now, long sizeBytes) {
    SubsystemSpec was = now.subsystems().get(0);
    List<NamespaceSpec> namespaces = new ArrayList<>(was.namespaces().subList(0, 1));
    if (sizeBytes > 0) {
      BackendSpec memory = new BackendSpec.Memory(sizeBytes);
      namespaces.add(NamespaceSpec.of(was.nqn(), ADDED, 4096, memory));
    }
    return now.withSubsystems(
        List.of(
            new SubsystemSpec(was.nqn(), was.serial(), was.model(), true, List.of(), namespaces)));
  }
}
