package io.mora.qos.locality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The CPUs this process may run on and where they sit.
 *
 * <p>What the machine does not tell (no Linux, a container without /sys) is made up harmlessly:
 * CPUs 0 to n-1, each a core of its own, one package, one node. {@link #origin} says which.
 *
 * @param cpus allowed CPUs by rising number; at least one
 * @param origin where this was read from, for logs
 */
public record CpuTopology(List<Cpu> cpus, String origin) {
  /** No Linux machine numbers its CPUs higher; a larger number in a list is refused. */
  public static final int MAX_CPUS = 8192;

  /**
   * A logical CPU.
   *
   * @param id the number the scheduler knows it by
   * @param core number of its core within its package; hyperthreads share it
   * @param packageId its socket
   * @param node its NUMA node
   */
  public record Cpu(int id, int core, int packageId, int node) {}

  public CpuTopology {
    cpus = List.copyOf(cpus);
    if (cpus.isEmpty()) {
      throw new IllegalArgumentException("cpus: at least one");
    }
  }

  /** Reads this process's affinity and the machine's topology; never fails. */
  public static CpuTopology read() {
    return read(Path.of("/"), Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param root where {@code proc} and {@code sys} are
   * @param processors how many CPUs to make up when {@code proc} does not tell
   */
  static CpuTopology read(Path root, int processors) {
    BitSet allowed = allowed(root.resolve("proc/self/status"));
    if (allowed.isEmpty()) {
      List<Cpu> cpus = new ArrayList<>();
      for (int id = 0; id < processors; id++) {
        cpus.add(new Cpu(id, id, 0, 0));
      }
      return new CpuTopology(cpus, "processor count");
    }
    Map<Integer, Integer> nodes = nodes(root.resolve("sys/devices/system/node"));
    List<Cpu> cpus = new ArrayList<>();
    for (int id = allowed.nextSetBit(0); id >= 0; id = allowed.nextSetBit(id + 1)) {
      Path topology = root.resolve("sys/devices/system/cpu/cpu" + id + "/topology");
      cpus.add(
          new Cpu(
              id,
              number(topology.resolve("core_id"), id),
              number(topology.resolve("physical_package_id"), 0),
              nodes.getOrDefault(id, 0)));
    }
    return new CpuTopology(cpus, "affinity");
  }

  /**
   * All CPUs in the order loops should take them: one hyperthread of every core first, node by
   * node, then the second ones.
   */
  public List<Cpu> spread() {
    Map<List<Integer>, Integer> used = new HashMap<>();
    Map<Integer, Integer> rank = new HashMap<>();
    for (Cpu cpu : cpus) {
      rank.put(cpu.id(), used.merge(List.of(cpu.packageId(), cpu.core()), 1, Integer::sum));
    }
    Comparator<Cpu> order = Comparator.comparingInt(cpu -> rank.getOrDefault(cpu.id(), 1));
    return cpus.stream()
        .sorted(order.thenComparingInt(Cpu::node).thenComparingInt(Cpu::id))
        .toList();
  }

  /** Whether this process may run on the CPU. */
  public boolean allows(int cpu) {
    return cpus.stream().anyMatch(each -> each.id() == cpu);
  }

  /**
   * Parses a kernel CPU list such as {@code 0-3,8,10-11}.
   *
   * @throws IllegalArgumentException naming the text and what is allowed
   */
  public static BitSet parseList(String text) {
    BitSet cpus = new BitSet();
    for (String part : text.strip().split(",", -1)) {
      String range = part.strip();
      if (range.isEmpty()) {
        continue;
      }
      int dash = range.indexOf('-');
      try {
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
        if (first >= 0 && last >= first && last < MAX_CPUS) {
          cpus.set(first, last + 1);
          continue;
        }
      } catch (NumberFormatException e) {
        // Refused below with the other malformed parts.
      }
      throw new IllegalArgumentException(
          "CPU list \"" + text + "\": numbers and ranges below " + MAX_CPUS + " such as 0-3,8");
    }
    return cpus;
  }

  private static BitSet allowed(Path status) {
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .findFirst()
          .map(line -> parseList(line.substring(line.indexOf(':') + 1)))
          .orElseGet(BitSet::new);
    } catch (IOException | IllegalArgumentException | java.io.UncheckedIOException e) {
      return new BitSet();
    }
  }

  private static Map<Integer, Integer> nodes(Path folder) {
    Map<Integer, Integer> nodes = new HashMap<>();
    try (var entries = Files.newDirectoryStream(folder, "node[0-9]*")) {
      for (Path entry : entries) {
        int node = Integer.parseInt(entry.getFileName().toString().substring("node".length()));
        parseList(Files.readString(entry.resolve("cpulist"))).stream()
            .forEach(cpu -> nodes.put(cpu, node));
      }
    } catch (IOException | IllegalArgumentException e) {
      nodes.clear();
    }
    return nodes;
  }

  private static int number(Path file, int otherwise) {
    try {
      int value = Integer.parseInt(Files.readString(file).strip());
      return value < 0 ? otherwise : value;
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }
}
