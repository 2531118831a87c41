package io.mora.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** CPUs, their sleep, their clock, and who else runs on them. */
final class CpuChecks {
  private static final String PERFORMANCE = "performance";
  private static final String CPUS = "sys/devices/system/cpu/";

  /** Clocks that are read without a call into the kernel. */
  private static final Set<String> FAST_CLOCKS =
      Set.of("tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter");

  /** Waking up from a deeper sleep shows in the latency of a read. */
  private static final long WAKE_MAX_US = 50;

  private final Machine machine;

  CpuChecks(Machine machine) {
    this.machine = machine;
  }

  List<Finding> all() {
    List<Finding> found = new ArrayList<>();
    found.add(clock());
    found.add(governor());
    found.add(sleep());
    found.add(isolation());
    found.add(numa());
    found.add(balance());
    return found;
  }

  private List<String> cpus() {
    return machine.names("sys/devices/system/cpu", "cpu[0-9]*");
  }

  private Finding clock() {
    String clock = machine.text("sys/devices/system/clocksource/clocksource0/current_clocksource");
    if (clock.isEmpty()) {
      return Finding.unknown("clock", "not told");
    }
    return FAST_CLOCKS.contains(clock)
        ? Finding.good("clock", clock)
        : Finding.advice(
            "clock",
            clock,
            "Each reading is a call into the kernel or to a device: a microsecond and more.",
            "See /sys/devices/system/clocksource/clocksource0/available_clocksource and the"
                + " kernel's log on why tsc was not taken.");
  }

  private Finding governor() {
    Set<String> governors = new TreeSet<>();
    List<Setting> settings = new ArrayList<>();
    for (String cpu : cpus()) {
      String path = CPUS + cpu + "/cpufreq/scaling_governor";
      String governor = machine.text(path);
      if (!governor.isEmpty()) {
        governors.add(governor);
      }
      if (!governor.isEmpty() && !governor.equals(PERFORMANCE)) {
        settings.add(new Setting(path, PERFORMANCE));
      }
    }
    String all = String.join(", ", governors);
    if (governors.isEmpty()) {
      return Finding.unknown("CPU frequency", "not told (virtual machines do not)");
    }
    return all.equals(PERFORMANCE)
        ? Finding.good("CPU frequency", all)
        : Finding.advice(
                "CPU frequency",
                all,
                "A CPU that was idle begins slowly.",
                "cpupower frequency-set -g performance")
            .by(settings);
  }

  private Finding sleep() {
    long deepest = 0;
    String name = "";
    for (String state : machine.names(CPUS + "cpu0/cpuidle", "state[0-9]*")) {
      String at = CPUS + "cpu0/cpuidle/" + state;
      long latencyUs = machine.number(at + "/latency", 0);
      if (latencyUs > deepest && machine.number(at + "/disable", 0) == 0) {
        deepest = latencyUs;
        name = machine.text(at + "/name");
      }
    }
    if (name.isEmpty()) {
      return Finding.unknown("CPU sleep", "not told (virtual machines do not)");
    }
    String found = name + ", " + deepest + " us to wake up";
    return deepest <= WAKE_MAX_US
        ? Finding.good("CPU sleep", found)
        : Finding.advice(
                "CPU sleep",
                found,
                "The first read after a pause waits for the CPU.",
                "cpupower idle-set -D " + WAKE_MAX_US)
            .by(awake());
  }

  /** Every state of every CPU that takes too long to wake up from, switched off. */
  private List<Setting> awake() {
    List<Setting> settings = new ArrayList<>();
    for (String cpu : cpus()) {
      for (String state : machine.names(CPUS + cpu + "/cpuidle", "state[0-9]*")) {
        String at = CPUS + cpu + "/cpuidle/" + state;
        boolean deep = machine.number(at + "/latency", 0) > WAKE_MAX_US;
        if (deep && machine.number(at + "/disable", 1) == 0) {
          settings.add(new Setting(at + "/disable", "1"));
        }
      }
    }
    return settings;
  }

  private Finding isolation() {
    int cpus = cpus().size();
    String isolated = machine.text(CPUS + "isolated");
    if (cpus == 0) {
      return Finding.unknown("CPU isolation", "not told");
    }
    if (!isolated.isEmpty()) {
      return Finding.good(
          "CPU isolation", isolated + ": name them in the configuration, shards.cpus");
    }
    return cpus < 4
        ? Finding.good("CPU isolation", "none; " + cpus + " CPUs are too few for it")
        : Finding.advice(
            "CPU isolation",
            "none of " + cpus,
            "The scheduler may put other work onto a shard's CPU.",
            "isolcpus=managed_irq,domain,LIST nohz_full=LIST on the kernel's command line, and LIST"
                + " as shards.cpus");
  }

  private Finding numa() {
    int nodes = machine.names("sys/devices/system/node", "node[0-9]*").size();
    boolean balancing = machine.number("proc/sys/kernel/numa_balancing", 0) != 0;
    if (nodes < 2) {
      return Finding.good("NUMA", "one node");
    }
    return balancing
        ? Finding.advice(
                "NUMA",
                nodes + " nodes, balanced by the kernel",
                "Pages are unmapped to see who uses them, and moved.",
                "sysctl -w kernel.numa_balancing=0")
            .by("proc/sys/kernel/numa_balancing", "0")
        : Finding.good("NUMA", nodes + " nodes, not balanced by the kernel");
  }

  private Finding balance() {
    for (String process : machine.names("proc", "[0-9]*")) {
      if (machine.text("proc/" + process + "/comm").equals("irqbalance")) {
        return Finding.advice(
            "irqbalance",
            "runs",
            "It moves interrupts of network and disks away from where shards expect them.",
            "IRQBALANCE_BANNED_CPULIST with the shards' CPUs, or: systemctl disable --now"
                + " irqbalance");
      }
    }
    return Finding.good("irqbalance", "does not run");
  }
}
