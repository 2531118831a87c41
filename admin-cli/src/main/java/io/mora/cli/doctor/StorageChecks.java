package io.mora.cli.doctor;

import java.util.ArrayList;
import java.util.List;

/** Block devices and partitions. */
final class StorageChecks {
  private static final String BLOCK = "sys/class/block/";
  private static final int SECTOR = 512;

  private final Machine machine;

  StorageChecks(Machine machine) {
    this.machine = machine;
  }

  List<Finding> all() {
    List<Finding> found = new ArrayList<>();
    for (String name : machine.names("sys/class/block", "*")) {
      if (machine.has(BLOCK + name + "/partition")) {
        partition(name, found);
      } else if (machine.has(BLOCK + name + "/device")) {
        found.add(device(name));
      }
    }
    if (found.isEmpty()) {
      found.add(Finding.unknown("disks", "none, or not told"));
    }
    return found;
  }

  private Finding device(String name) {
    String queue = BLOCK + name + "/queue/";
    boolean spinning = machine.number(queue + "rotational", 0) == 1;
    String scheduler = machine.chosen(queue + "scheduler");
    boolean volatileCache = machine.text(queue + "write_cache").equals("write back");
    String found =
        machine.text(queue + "logical_block_size")
            + " B blocks, scheduler "
            + (scheduler.isEmpty() ? "not told" : scheduler)
            + (volatileCache ? ", volatile write cache" : "");
    return spinning || scheduler.isEmpty() || scheduler.equals("none")
        ? Finding.good(name, found)
        : Finding.advice(
                name,
                found,
                "The kernel orders again what the target has put in order by class and deadline.",
                "echo none > /sys/block/" + name + "/queue/scheduler")
            .by(queue + "scheduler", "none");
  }

  private void partition(String name, List<Finding> found) {
    long start = machine.number(BLOCK + name + "/start", 0) * SECTOR;
    long offset = machine.number(BLOCK + name + "/alignment_offset", 0);
    if (offset != 0 || start % 4096 != 0) {
      found.add(
          Finding.problem(
              name,
              "begins at byte " + start + ", " + (offset != 0 ? offset : start % 4096) + " off",
              "Each write of a block reads and writes two of the device's.",
              "Make the partition anew, beginning at a MiB."));
    }
  }
}
