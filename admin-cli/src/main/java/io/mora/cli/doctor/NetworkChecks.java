package io.mora.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Interfaces, their queues and interrupts, and TCP. */
final class NetworkChecks {
  private static final String NET = "sys/class/net/";
  private static final long BUFFER_WANTED = 4 << 20;
  private static final long BACKLOG_WANTED = 1_024;

  /** How long a read polls a queue itself before it sleeps. */
  private static final String POLL_US = "50";

  private final Machine machine;
  private final List<Integer> shardCpus;

  /**
   * @param shardCpus CPUs of shards, that are theirs alone; empty where they were not told
   */
  NetworkChecks(Machine machine, List<Integer> shardCpus) {
    this.machine = machine;
    this.shardCpus = shardCpus;
  }

  List<Finding> all() {
    List<Finding> found = new ArrayList<>();
    int cpus = machine.names("sys/devices/system/cpu", "cpu[0-9]*").size();
    for (String name : machine.names("sys/class/net", "*")) {
      boolean real = machine.has(NET + name + "/device");
      if (real && machine.text(NET + name + "/operstate").equals("up")) {
        found.add(queues(name, cpus));
        found.add(interrupts(name, cpus));
      }
    }
    if (found.isEmpty()) {
      found.add(Finding.unknown("network", "no device that is up"));
    }
    found.add(buffers());
    found.add(backlog());
    found.add(polling());
    return found;
  }

  private Finding queues(String name, int cpus) {
    int queues = machine.names(NET + name + "/queues", "rx-*").size();
    String found = queues + " queues, MTU " + machine.text(NET + name + "/mtu");
    return queues >= Math.min(cpus, 4)
        ? Finding.good(name + " queues", found)
        : Finding.advice(
            name + " queues",
            found + ", " + cpus + " CPUs",
            "What arrives for all shards passes few CPUs.",
            "ethtool -l " + name + ", then: ethtool -L " + name + " combined " + cpus);
  }

  private Finding interrupts(String name, int cpus) {
    Set<String> at = new TreeSet<>();
    List<Setting> settings = new ArrayList<>();
    List<Integer> wanted =
        shardCpus.isEmpty() ? IntStream.range(0, cpus).boxed().toList() : shardCpus;
    int lines = 0;
    String device = machine.target(NET + name + "/device");
    for (String line : machine.lines("proc/interrupts")) {
      int colon = line.indexOf(':');
      boolean ours = colon > 0 && (of(line, name) || ofVirtio(line, device));
      if (ours && line.substring(0, colon).chars().allMatch(Character::isDigit)) {
        String irq = "proc/irq/" + line.substring(0, colon);
        String effective = machine.text(irq + "/effective_affinity_list");
        String chosen = effective.isEmpty() ? machine.text(irq + "/smp_affinity_list") : effective;
        at.add(chosen);
        String cpu = cpus == 0 ? chosen : "" + wanted.get(lines % wanted.size());
        if (!chosen.equals(cpu)) {
          settings.add(new Setting(irq + "/smp_affinity_list", cpu));
        }
        lines++;
      }
    }
    at.remove("");
    if (lines == 0 || at.isEmpty()) {
      return Finding.unknown(name + " interrupts", "not told under its name");
    }
    String found = lines + " on CPUs " + String.join(" ", at);
    boolean crowded = lines > 1 && at.size() == 1 && cpus > 1;
    if (!crowded && (shardCpus.isEmpty() || settings.isEmpty())) {
      return Finding.good(name + " interrupts", found);
    }
    return Finding.advice(
            name + " interrupts",
            found,
            crowded
                ? "One CPU takes what arrives for all shards."
                : "What arrives is taken on another CPU than the shard's that waits for it.",
            "echo CPU > /proc/irq/N/smp_affinity_list, a queue to each shard's CPU")
        .by(settings);
  }

  private Finding polling() {
    String path = "proc/sys/net/core/busy_read";
    String reads = machine.text(path);
    String polls = machine.text("proc/sys/net/core/busy_poll");
    if (reads.isEmpty() || polls.isEmpty()) {
      return Finding.unknown("busy polling", "not told");
    }
    String found = "reads " + reads + " us, waits " + polls + " us";
    List<Setting> settings = new ArrayList<>();
    if (reads.equals("0")) {
      settings.add(new Setting(path, POLL_US));
    }
    if (polls.equals("0")) {
      settings.add(new Setting("proc/sys/net/core/busy_poll", POLL_US));
    }
    return shardCpus.isEmpty() || settings.isEmpty()
        ? Finding.good("busy polling", found)
        : Finding.advice(
                "busy polling",
                found,
                "Shards that have CPUs of their own wait for an interrupt all the same.",
                "sysctl -w net.core.busy_read=" + POLL_US + " net.core.busy_poll=" + POLL_US)
            .by(settings);
  }

  /** The last word of a line in /proc/interrupts is the device, as eth0-TxRx-3. */
  private static boolean of(String line, String name) {
    String device = line.substring(line.lastIndexOf(' ') + 1);
    return device.equals(name)
        || device.startsWith(name + "-")
        || device.contains("-" + name + "-")
        || device.contains("@" + name);
  }

  /** A virtio card's lines have its device's name: {@code virtio0-input.0}, or it alone. */
  private static boolean ofVirtio(String line, String device) {
    return device.startsWith("virtio") && line.matches(".* " + device + "(-(in|out)put\\.\\d+)?");
  }

  private Finding buffers() {
    String[] values = machine.text("proc/sys/net/ipv4/tcp_rmem").split("\\s+", -1);
    if (values.length != 3) {
      return Finding.unknown("TCP buffers", "not told");
    }
    long max = Long.parseLong(values[2]);
    String wanted = values[0] + " " + values[1] + " " + BUFFER_WANTED;
    return max >= BUFFER_WANTED
        ? Finding.good("TCP buffers", "up to " + (max >> 20) + " MiB")
        : Finding.advice(
                "TCP buffers",
                "up to " + (max >> 10) + " KiB",
                "Large writes stall on fast or long paths.",
                "sysctl -w net.ipv4.tcp_rmem=\"" + wanted + "\"")
            .by("proc/sys/net/ipv4/tcp_rmem", wanted);
  }

  private Finding backlog() {
    long backlog = machine.number("proc/sys/net/core/somaxconn", -1);
    if (backlog < 0) {
      return Finding.unknown("TCP backlog", "not told");
    }
    return backlog >= BACKLOG_WANTED
        ? Finding.good("TCP backlog", Long.toString(backlog))
        : Finding.advice(
                "TCP backlog",
                Long.toString(backlog),
                "When many hosts reconnect at once, each with a connection for each CPU, some wait a second.",
                "sysctl -w net.core.somaxconn=" + BACKLOG_WANTED)
            .by("proc/sys/net/core/somaxconn", "" + BACKLOG_WANTED);
  }
}
