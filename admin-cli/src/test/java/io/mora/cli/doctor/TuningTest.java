package io.mora.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.CommandLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor sets, and takes back, on a machine made of files. */
class TuningTest {
  private static final String HUGE = "sys/kernel/mm/transparent_hugepage/enabled";
  private static final String BACKLOG = "proc/sys/net/core/somaxconn";

  @TempDir private Path root = Path.of("");
  @TempDir private Path state = Path.of("");

  private void has(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private String text(String path) throws IOException {
    return Files.readString(root.resolve(path)).strip();
  }

  private Path undo() {
    return state.resolve("lib/undo.json");
  }

  private CommandLines doctor(String... more) {
    List<String> words = new ArrayList<>(List.of("doctor", "--root", root.toString()));
    words.addAll(List.of("--undo-file", undo().toString()));
    words.addAll(List.of(more));
    return CommandLines.run(words.toArray(new String[0]));
  }

  @BeforeEach
  void aMachine() throws IOException {
    has(HUGE, "[always] madvise never");
    has(BACKLOG, "128");
    has("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t131072");
    has("proc/sys/net/core/busy_read", "0");
    has("proc/sys/net/core/busy_poll", "0");
    for (int cpu = 0; cpu < 4; cpu++) {
      has("sys/devices/system/cpu/cpu" + cpu + "/cpufreq/scaling_governor", "powersave");
    }
    has("sys/class/net/eth0/operstate", "up");
    has("sys/class/net/eth0/device/x", "");
    has("proc/interrupts", " 24: 1 PCI eth0-0\n 25: 1 PCI eth0-1\n 26: 1 PCI eth0-2");
    for (int irq = 24; irq <= 26; irq++) {
      has("proc/irq/" + irq + "/smp_affinity_list", "0-3");
      has("proc/irq/" + irq + "/effective_affinity_list", "0");
    }
  }

  @Test
  void aDryRunChangesNothing() throws IOException {
    CommandLines run = doctor("--apply", "--dry-run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("/" + BACKLOG, "128", "1024", "would be set");
    assertThat(text(BACKLOG)).isEqualTo("128");
    assertThat(undo()).doesNotExist();
    assertThat(doctor("--dry-run").exitCode()).isEqualTo(64);
  }

  @Test
  void whatWasSetIsTakenBack() throws IOException {
    CommandLines run = doctor("--apply", "--cpus", "2,3");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(text(BACKLOG)).isEqualTo("1024");
    assertThat(text(HUGE)).isEqualTo("madvise");
    assertThat(text("proc/sys/net/ipv4/tcp_rmem")).isEqualTo("4096 131072 4194304");
    assertThat(text("proc/sys/net/core/busy_poll")).isEqualTo("50");
    assertThat(text("sys/devices/system/cpu/cpu3/cpufreq/scaling_governor"))
        .isEqualTo("performance");
    assertThat(text("proc/irq/24/smp_affinity_list")).isEqualTo("2");
    assertThat(text("proc/irq/25/smp_affinity_list")).isEqualTo("3");
    assertThat(text("proc/irq/26/smp_affinity_list")).isEqualTo("2");
    has(BACKLOG, "2048"); // somebody else, meanwhile
    CommandLines back = doctor("--undo");
    assertThat(back.exitCode()).isZero();
    assertThat(back.out()).contains("/" + BACKLOG + ": somebody else has set it since");
    assertThat(text(BACKLOG)).isEqualTo("2048");
    assertThat(text(HUGE)).isEqualTo("always");
    assertThat(text("proc/sys/net/ipv4/tcp_rmem")).isEqualTo("4096 131072 131072");
    assertThat(text("proc/irq/26/smp_affinity_list")).isEqualTo("0-3");
    assertThat(undo()).doesNotExist();
    assertThat(doctor("--undo").out()).contains("Nothing to set");
  }

  /** Twice in a row: what there was before the first time is what comes back. */
  @Test
  void theFirstValueIsKeptUnlessSomebodyElseSetAnother() throws IOException {
    doctor("--apply");
    has(HUGE, "[always] madvise never"); // somebody else, for good
    has("proc/sys/net/core/busy_read", "0");
    doctor("--apply", "--cpus", "1");
    doctor("--undo");
    assertThat(text(BACKLOG)).isEqualTo("128");
    has(BACKLOG, "256");
    doctor("--apply");
    has(BACKLOG, "512");
    doctor("--apply");
    doctor("--undo");
    assertThat(text(BACKLOG)).isEqualTo("512");
  }

  /** The machine has forgotten; what has the same value now was set by somebody. */
  @Test
  void aRestartOfTheMachineEndsIt() throws IOException {
    has("proc/sys/kernel/random/boot_id", "one");
    doctor("--apply");
    has("proc/sys/kernel/random/boot_id", "two");
    assertThat(doctor("--undo").out()).contains("Nothing to set");
    assertThat(text(BACKLOG)).isEqualTo("1024");
    assertThat(undo()).doesNotExist();
  }

  /** Root would write what somebody else has put there. */
  @Test
  void aFileThatOthersMayHaveWrittenIsRefused() throws IOException {
    doctor("--apply");
    String good = Files.readString(undo());
    Files.setPosixFilePermissions(undo(), PosixFilePermissions.fromString("rw-rw----"));
    assertThat(doctor("--undo").err()).contains("undo.json", "by others");
    Files.setPosixFilePermissions(undo(), PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(undo().getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(doctor("--undo").err()).contains("lib", "by others");
    assertThat(doctor("--apply", "--cpus", "1").err()).contains("by others");
    Files.setPosixFilePermissions(undo().getParent(), PosixFilePermissions.fromString("rwx------"));
    for (String path : List.of("etc/crontab", "/etc/crontab", "proc/sys/../../etc/crontab")) {
      Files.writeString(undo(), good.replace(BACKLOG, path));
      assertThat(doctor("--undo").err()).contains(path, "no setting of the kernel");
    }
    Files.move(undo(), state.resolve("elsewhere"));
    Files.createSymbolicLink(undo(), state.resolve("elsewhere"));
    assertThat(doctor("--undo").exitCode()).isEqualTo(1);
    assertThat(text(BACKLOG)).isEqualTo("1024");
  }

  @Test
  void whatCannotBeSetIsToldAndTheRestIsDone() throws IOException {
    Files.delete(root.resolve("proc/irq/25/smp_affinity_list")); // as one the kernel manages
    CommandLines run = doctor("--apply");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("/proc/irq/25/smp_affinity_list", "failed");
    assertThat(text(BACKLOG)).isEqualTo("1024");
  }

  @Test
  void withoutARecordOfBeforeNothingIsChanged() throws IOException {
    Files.writeString(state.resolve("lib"), "a file where the folder should be");
    CommandLines run = doctor("--apply");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("nothing was changed");
    assertThat(text(BACKLOG)).isEqualTo("128");
    Files.delete(state.resolve("lib"));
    Files.createDirectories(state.resolve("lib"));
    Files.writeString(undo(), "not JSON");
    assertThat(doctor("--apply").err()).contains("undo.json", "cannot be read");
    assertThat(doctor("--undo").exitCode()).isEqualTo(1);
  }
}
