package io.mora.qos.locality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.qos.locality.CpuTopology.Cpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuTopologyTest {
  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void readsAllowedCpusCoresPackagesAndNodes() throws IOException {
    file("proc/self/status", "Name:\tjava\nCpus_allowed:\tf\nCpus_allowed_list:\t1-3,6\n");
    file("sys/devices/system/node/node0/cpulist", "0-3\n");
    file("sys/devices/system/node/node1/cpulist", "4-7\n");
    for (int id = 0; id < 8; id++) {
      file("sys/devices/system/cpu/cpu" + id + "/topology/core_id", id % 2 + "\n");
      file("sys/devices/system/cpu/cpu" + id + "/topology/physical_package_id", id / 4 + "\n");
    }
    CpuTopology topology = CpuTopology.read(root, 99);
    assertThat(topology.origin()).isEqualTo("affinity");
    assertThat(topology.cpus())
        .containsExactly(
            new Cpu(1, 1, 0, 0), new Cpu(2, 0, 0, 0), new Cpu(3, 1, 0, 0), new Cpu(6, 0, 1, 1));
    assertThat(topology.spread()).extracting(Cpu::id).containsExactly(1, 2, 6, 3);
    assertThat(topology.allows(6)).isTrue();
    assertThat(topology.allows(0)).isFalse();
  }

  @Test
  void makesUpWhatSysDoesNotTell() throws IOException {
    file("proc/self/status", "Cpus_allowed_list:\t0,2\n");
    file("sys/devices/system/node/node0/cpulist", "garbage");
    file("sys/devices/system/cpu/cpu2/topology/core_id", "-1\n");
    assertThat(CpuTopology.read(root, 99).cpus())
        .containsExactly(new Cpu(0, 0, 0, 0), new Cpu(2, 2, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Cpus_allowed_list:\t\n", "Cpus_allowed_list:\tx\n", "\u00ff\u00fe"})
  void makesUpEverythingWithoutAList(String status) throws IOException {
    file("proc/self/status", status);
    CpuTopology topology = CpuTopology.read(root, 2);
    assertThat(topology.origin()).isEqualTo("processor count");
    assertThat(topology.cpus()).containsExactly(new Cpu(0, 0, 0, 0), new Cpu(1, 1, 0, 0));
  }

  @Test
  void readsThisMachine() {
    CpuTopology topology = CpuTopology.read();
    assertThat(topology.cpus().size())
        .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(topology.spread()).containsExactlyInAnyOrderElementsOf(topology.cpus());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "3-1", "1-", "-1", "a", "0-8192", "99999999999", "1--2", "0x1"})
  void refusesMalformedLists(String text) {
    assertThatThrownBy(() -> CpuTopology.parseList(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void parsesLists() {
    assertThat(CpuTopology.parseList("0-3,8, 10-11\n").stream())
        .containsExactly(0, 1, 2, 3, 8, 10, 11);
    assertThat(CpuTopology.parseList("").stream()).isEmpty();
    assertThat(CpuTopology.parseList("8191").stream()).containsExactly(8191);
  }
}
