package io.mora.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.cli.CommandLines;
import io.mora.cli.doctor.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir private Path root = Path.of("");

  private void has(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private Finding found(String check) {
    List<Finding> findings = DoctorCommand.examine(new Machine(root), List.of());
    return findings.stream()
        .filter(each -> each.check().equals(check))
        .findFirst()
        .orElseThrow(() -> new AssertionError(check + " is not among " + findings));
  }

  private void is(String check, State state, String found) {
    assertThat(found(check).state()).as(check).isEqualTo(state);
    assertThat(found(check).found()).as(check).contains(found);
    boolean toDo = state == State.ADVICE || state == State.PROBLEM;
    assertThat(found(check).change().isEmpty()).as(check).isNotEqualTo(toDo);
    assertThat(found(check).why().isEmpty()).as(check).isNotEqualTo(toDo);
  }

  private void kernel(String release, String rings, String files) throws IOException {
    has("proc/sys/kernel/osrelease", release);
    has("proc/sys/kernel/io_uring_disabled", rings);
    has("proc/self/limits", "Limit  Soft  Hard\nMax open files            " + files + "  1 files");
  }

  @Test
  void kernelAndLimits() throws IOException {
    is("kernel", State.UNKNOWN, "not told");
    kernel("6.12.3-amd64", "0", "65536");
    is("kernel", State.GOOD, "6.12");
    is("io_uring", State.GOOD, "allowed");
    is("open files in this shell", State.GOOD, "65536");
    kernel("5.4.0", "1", "1024");
    is("kernel", State.PROBLEM, "5.4");
    is("io_uring", State.ADVICE, "group");
    is("open files in this shell", State.ADVICE, "1024");
    kernel("nonsense", "2", "unlimited");
    is("kernel", State.UNKNOWN, "nonsense");
    is("io_uring", State.ADVICE, "forbidden");
    is("open files in this shell", State.GOOD, "unlimited");
  }

  @Test
  void memory() throws IOException {
    has("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never");
    has("proc/swaps", "Filename Type Size\n/dev/vda2 partition 1");
    is("huge pages", State.ADVICE, "always");
    is("swap", State.ADVICE, "1 in use");
    has("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
    has("proc/swaps", "Filename Type Size");
    is("huge pages", State.GOOD, "madvise");
    is("swap", State.GOOD, "none");
  }

  @Test
  void cpus() throws IOException {
    String cpus = "sys/devices/system/cpu/";
    for (int cpu = 0; cpu < 8; cpu++) {
      has(cpus + "cpu" + cpu + "/cpufreq/scaling_governor", "performance");
    }
    is("CPU frequency", State.GOOD, "performance");
    has(cpus + "cpu3/cpufreq/scaling_governor", "powersave");
    is("CPU frequency", State.ADVICE, "performance, powersave");
    is("CPU isolation", State.ADVICE, "none of 8");
    has(cpus + "isolated", "2-7");
    is("CPU isolation", State.GOOD, "2-7");
    is("CPU sleep", State.UNKNOWN, "not told");
    has(cpus + "cpu0/cpuidle/state1/name", "C1");
    has(cpus + "cpu0/cpuidle/state1/latency", "2");
    is("CPU sleep", State.GOOD, "C1, 2 us");
    has(cpus + "cpu0/cpuidle/state2/name", "C6");
    has(cpus + "cpu0/cpuidle/state2/latency", "170");
    is("CPU sleep", State.ADVICE, "C6, 170 us");
    has(cpus + "cpu0/cpuidle/state2/disable", "1");
    is("CPU sleep", State.GOOD, "C1");
    has("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet");
    is("clock", State.ADVICE, "hpet");
    has("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
    is("clock", State.GOOD, "tsc");
    is("NUMA", State.GOOD, "one node");
    has("sys/devices/system/node/node0/x", "");
    has("sys/devices/system/node/node1/x", "");
    has("proc/sys/kernel/numa_balancing", "1");
    is("NUMA", State.ADVICE, "2 nodes");
    is("irqbalance", State.GOOD, "does not run");
    has("proc/812/comm", "irqbalance");
    is("irqbalance", State.ADVICE, "runs");
  }

  @Test
  void interruptsOfAVirtioCardHaveItsDevicesName() throws IOException {
    has("sys/devices/system/cpu/cpu0/x", "");
    has("sys/devices/system/cpu/cpu1/x", "");
    has("sys/class/net/enp0s2/operstate", "up");
    has("sys/devices/pci0/virtio0/x", "");
    Files.createSymbolicLink(
        root.resolve("sys/class/net/enp0s2/device"), root.resolve("sys/devices/pci0/virtio0"));
    has(
        "proc/interrupts",
        """
          CPU0 CPU1
         24: 1 2 PCI-MSI virtio0-config
         25: 1 2 PCI-MSI virtio0-input.0
         26: 1 2 PCI-MSI virtio0-output.0
         27: 1 2 PCI-MSI virtio1-req.0""");
    for (int irq = 24; irq <= 27; irq++) {
      has("proc/irq/" + irq + "/smp_affinity_list", "0");
    }
    is("enp0s2 interrupts", State.ADVICE, "2 on CPUs 0");
    has("proc/interrupts", "  CPU0 CPU1\n 24: 1 2 IO-APIC 22-fasteoi virtio0");
    is("enp0s2 interrupts", State.GOOD, "1 on CPUs 0");
  }

  @Test
  void network() throws IOException {
    is("network", State.UNKNOWN, "no device");
    for (int cpu = 0; cpu < 4; cpu++) {
      has("sys/devices/system/cpu/cpu" + cpu + "/x", "");
    }
    has("sys/class/net/lo/operstate", "up");
    has("sys/class/net/eth0/operstate", "up");
    has("sys/class/net/eth0/mtu", "9000");
    has("sys/class/net/eth0/device/x", "");
    has("sys/class/net/eth0/queues/rx-0/x", "");
    is("eth0 queues", State.ADVICE, "1 queues, MTU 9000");
    is("eth0 interrupts", State.UNKNOWN, "not told");
    has("proc/interrupts", "  CPU0 CPU1\n 24: 1 2 PCI-MSIX eth0-TxRx-0\n 25: 1 2 PCI eth0-TxRx-1");
    has("proc/irq/24/effective_affinity_list", "0");
    has("proc/irq/25/effective_affinity_list", "0");
    is("eth0 interrupts", State.ADVICE, "2 on CPUs 0");
    has("proc/irq/25/effective_affinity_list", "3");
    is("eth0 interrupts", State.GOOD, "2 on CPUs 0 3");
    has("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456");
    is("TCP buffers", State.GOOD, "6 MiB");
    has("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t131072");
    is("TCP buffers", State.ADVICE, "128 KiB");
    has("proc/sys/net/core/somaxconn", "128");
    is("TCP backlog", State.ADVICE, "128");
  }

  @Test
  void disks() throws IOException {
    is("disks", State.UNKNOWN, "none");
    String disk = "sys/class/block/nvme0n1/";
    has(disk + "device/x", "");
    has(disk + "queue/logical_block_size", "512");
    has(disk + "queue/rotational", "0");
    has(disk + "queue/scheduler", "[none] mq-deadline");
    has(disk + "queue/write_cache", "write back");
    is("nvme0n1", State.GOOD, "512 B blocks, scheduler none, volatile write cache");
    has(disk + "queue/scheduler", "none [mq-deadline]");
    is("nvme0n1", State.ADVICE, "mq-deadline");
    has("sys/class/block/nvme0n1p1/partition", "1");
    has("sys/class/block/nvme0n1p1/start", "63");
    is("nvme0n1p1", State.PROBLEM, "byte 32256");
    CommandLines run = CommandLines.run("doctor", "--root", root.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("nvme0n1p1", "problem", "Make the partition anew");
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(120));
  }

  /** Whatever machine this is. */
  @Test
  void thisMachineIsLookedAt() {
    CommandLines run = CommandLines.run("doctor", "-o", "yaml");
    assertThat(run.exitCode()).isBetween(0, 1);
    assertThat(run.out()).startsWith("findings:").contains("check: kernel");
  }
}
