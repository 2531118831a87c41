package io.mora.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kernel, limits and memory. */
final class KernelChecks {
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** Files in rings, as the target uses them, since Linux 5.9. */
  private static final int RINGS_SINCE = 509;

  private static final long FILES_WANTED = 65_536;

  /** Of this process, which has them from the shell it was started in. */
  private static final String OPEN_FILES = "open files in this shell";

  private static final Pattern FILES = Pattern.compile("Max open files\\s+(\\S+)\\s.*");

  private final Machine machine;

  KernelChecks(Machine machine) {
    this.machine = machine;
  }

  List<Finding> all() {
    List<Finding> found = new ArrayList<>();
    found.add(kernel());
    found.add(rings());
    found.add(openFiles());
    found.add(hugePages());
    found.add(swap());
    return found;
  }

  private Finding kernel() {
    String release = machine.text("proc/sys/kernel/osrelease");
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      return Finding.unknown("kernel", release.isEmpty() ? "not told" : release);
    }
    int version = Integer.parseInt(matcher.group(1)) * 100 + Integer.parseInt(matcher.group(2));
    return version >= RINGS_SINCE
        ? Finding.good("kernel", release)
        : Finding.problem(
            "kernel",
            release,
            "Before 5.9 files are read and written by threads: slower, and with more jitter.",
            "Use a newer kernel.");
  }

  private Finding rings() {
    if (!machine.has("proc/sys/kernel/io_uring_disabled")) {
      return Finding.good("io_uring", "no switch against it");
    }
    return switch (machine.text("proc/sys/kernel/io_uring_disabled")) {
      case "0" -> Finding.good("io_uring", "allowed");
      case "1" ->
          Finding.advice(
              "io_uring",
              "for a group only",
              "A target outside that group reads and writes files by threads.",
              "Put the target's user into the group of kernel.io_uring_group, or: sysctl -w"
                  + " kernel.io_uring_disabled=0");
      default ->
          Finding.advice(
              "io_uring",
              "forbidden",
              "Files are read and written by threads: slower, and with more jitter.",
              "sysctl -w kernel.io_uring_disabled=0");
    };
  }

  private Finding openFiles() {
    for (String line : machine.lines("proc/self/limits")) {
      Matcher matcher = FILES.matcher(line);
      if (matcher.matches()) {
        String limit = matcher.group(1);
        boolean enough = limit.equals("unlimited") || Long.parseLong(limit) >= FILES_WANTED;
        return enough
            ? Finding.good(OPEN_FILES, limit)
            : Finding.advice(
                OPEN_FILES,
                limit,
                "Each connection and each file is one; a host has a connection for each CPU.",
                "LimitNOFILE=" + FILES_WANTED + " in the service, or: ulimit -n " + FILES_WANTED);
      }
    }
    return Finding.unknown(OPEN_FILES, "not told");
  }

  private Finding hugePages() {
    String chosen = machine.chosen("sys/kernel/mm/transparent_hugepage/enabled");
    if (chosen.isEmpty()) {
      return Finding.unknown("huge pages", "not told");
    }
    return chosen.equals("always")
        ? Finding.advice(
                "huge pages",
                "always",
                "The kernel may stop a thread to put a huge page together.",
                "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
            .by("sys/kernel/mm/transparent_hugepage/enabled", "madvise")
        : Finding.good("huge pages", chosen);
  }

  private Finding swap() {
    List<String> swaps = machine.lines("proc/swaps");
    if (swaps.isEmpty()) {
      return Finding.unknown("swap", "not told");
    }
    return swaps.size() == 1
        ? Finding.good("swap", "none")
        : Finding.advice(
            "swap",
            swaps.size() - 1 + " in use",
            "A page of the target that was swapped out costs milliseconds.",
            "swapoff -a, or MemorySwapMax=0 in the service");
  }
}
