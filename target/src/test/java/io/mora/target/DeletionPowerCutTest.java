package io.mora.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.reservation.ReservationReport;
import io.mora.protocol.reservation.ReservationType;
import io.mora.protocol.status.Status;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.event.EventLog;
import io.mora.target.backend.Backends;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.store.ConfigStore;
import io.mora.target.controller.manage.NamespaceOrder;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.reservation.ReservationState;
import io.mora.target.state.Changes;
import io.mora.target.state.CuttingDisk;
import io.mora.target.state.StateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes in every step while a host deletes namespaces: as long as the configuration has
 * one its reservation is there, whole; of one whose deletion was answered nothing is.
 */
class DeletionPowerCutTest {
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:disk");
  private static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:host");
  private static final HostId REGISTRANT = new HostId(0, 10);
  private static final int NAMESPACES = 4;
  private static final long SIZE = 1 << 20;
  private static final String CONFIGURATION = "target.yaml";
  private static final String STATE = "state";

  @TempDir private Path parent = Path.of("");

  /** From this step on these are gone. */
  private record Answered(int step, List<UUID> deleted) {}

  private TargetSpec spec(Path pool) {
    List<NamespaceSpec> namespaces = new ArrayList<>();
    for (int nsid = 1; nsid <= NAMESPACES; nsid++) {
      String file = pool.resolve(nsid + ".img").toString();
      var backend = new BackendSpec.File(file, SIZE, false, BackendSpec.DirectIo.NEVER, false);
      UUID uuid = UUID.randomUUID();
      namespaces.add(
          new NamespaceSpec(
              nsid,
              uuid,
              NamespaceSpec.defaultNguid(uuid),
              4096,
              backend,
              NamespaceSpec.of(SUBSYSTEM, nsid, 4096, backend).policy()));
    }
    SubsystemSpec subsystem = SubsystemSpec.openToAll(SUBSYSTEM, namespaces);
    PoolSpec managed = new PoolSpec(pool.toString(), 1 << 30, List.of(HOST));
    return TargetSpec.of(
            List.of(ListenerSpec.of("127.0.0.1", 0)),
            List.of(subsystem.withPolicy(subsystem.policy().withPool(managed))))
        .withHosts(List.of(new HostSpec(HOST).with(Trust.CLAIMED)));
  }

  private static ReservationReport keep(Path folder, UUID namespace) throws IOException {
    try (StateFolder state = StateFolder.at(folder)) {
      NamespaceReservation reservation = state.reservation(namespace);
      assertThat(Changes.register(reservation, REGISTRANT, true)).isZero();
      ReservationType type = ReservationType.WRITE_EXCLUSIVE;
      assertThat(Changes.change(reservation, now -> now.acquire(REGISTRANT, type, 5))).isZero();
      return reservation.now().report();
    }
  }

  private static int ended(NamespaceOffice office, NamespaceOrder order) {
    return NamespaceOfficeTest.carriedOut(office, order, Status.SUCCESS).join();
  }

  @Test
  void noNamespaceIsWithoutItsReservation() throws IOException {
    TargetSpec spec = spec(Files.createDirectory(parent.resolve("pool")));
    Path root = Files.createDirectory(parent.resolve("before")).toRealPath();
    Path configuration = root.resolve(CONFIGURATION);
    Files.writeString(
        configuration, ConfigFile.toYaml(ConfigFile.toTree(AdminSpec.OFF, spec, null)));
    Files.createDirectory(root.resolve(STATE));
    List<UUID> all =
        spec.subsystems().get(0).namespaces().stream().map(NamespaceSpec::uuid).toList();
    ReservationReport kept = ReservationState.NONE.report();
    for (UUID each : all) {
      assertThat(Files.readString(configuration)).contains(each.toString());
      kept = keep(root.resolve(STATE), each);
    }
    CuttingDisk disk = new CuttingDisk(root);
    List<Answered> answers = new ArrayList<>(List.of(new Answered(0, List.of())));
    try (NamespaceOffice office = new NamespaceOffice();
        MoraTarget target =
            MoraTarget.start(spec, Backends::open, StateFolder.at(root.resolve(STATE), disk))) {
      Configurator configurator =
          new Configurator(
              target,
              AdminSpec.OFF,
              ConfigStore.open(configuration, disk),
              new EventLog(),
              admin -> {});
      office.opens(target, configurator::serve);
      for (int nsid : new int[] {1, 3}) {
        assertThat(ended(office, new NamespaceOrder.Delete(SUBSYSTEM, HOST, nsid))).isZero();
        answers.add(new Answered(disk.steps(), all.subList(nsid - 1, nsid)));
      }
      assertThat(ended(office, new NamespaceOrder.Delete(SUBSYSTEM, HOST, -1))).isZero();
      answers.add(new Answered(disk.steps(), all));
    }
    int[] states = {0};
    int[] left = {0};
    for (int begun = 0; begun <= disk.steps(); begun++) {
      int step = begun;
      ReservationReport expected = kept;
      disk.afterCut(
          begun,
          files -> {
            states[0]++;
            left[0] += check(files == null ? Map.of() : files, all, answers, step, expected);
          });
    }
    assertThat(states[0]).as("cuts tried").isGreaterThan(disk.steps());
    assertThat(left[0]).as("reservations that stayed where the deletion was cut off").isPositive();
    System.out.println("power lost " + states[0] + " times in " + disk.steps() + " steps");
  }

  /** Reservations that are there without their namespaces. */
  private int check(
      Map<String, byte[]> files,
      List<UUID> all,
      List<Answered> answers,
      int step,
      ReservationReport expected)
      throws IOException {
    Path after = parent.resolve("after");
    CuttingDisk.lay(after, files);
    String named = Files.readString(after.resolve(CONFIGURATION), StandardCharsets.UTF_8);
    int left = 0;
    for (UUID each : all) {
      Path file = after.resolve(STATE).resolve(each + ".reservation");
      if (named.contains(each.toString())) {
        try (StateFolder state = StateFolder.at(after.resolve(STATE))) {
          assertThat(state.reservation(each).now().report())
              .as("cut in step %s", step)
              .isEqualTo(expected);
        }
      } else {
        left += Files.exists(file) ? 1 : 0;
      }
      for (Answered answer : answers) {
        if (answer.step() <= step && answer.deleted().contains(each)) {
          assertThat(named).as("cut in step %s", step).doesNotContain(each.toString());
          assertThat(file).as("cut in step %s", step).doesNotExist();
        }
      }
    }
    return left;
  }
}
