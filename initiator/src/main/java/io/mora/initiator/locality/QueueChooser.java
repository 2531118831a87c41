package io.mora.initiator.locality;

import io.mora.qos.locality.CpuTopology;
import io.mora.qos.locality.CpuTopology.Cpu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which queue is nearest to a CPU.
 *
 * <p>Assumes: {@link #update} on one thread. Guarantees: {@link #choose} from any thread sees one
 * whole table. Progress: wait-free.
 */
public final class QueueChooser {
  private static final int SAME_CPU = 0;
  private static final int SAME_CORE = 1;
  private static final int SAME_NODE = 2;
  private static final int ELSEWHERE = 3;
  private static final int UNKNOWN = 4;

  private final CpuTopology topology;
  private int[] placed = {};

  /** Queues by CPU number; the last are all of them, for a CPU not in the table. */
  private volatile int[][] table = {{}};

  public QueueChooser(CpuTopology topology) {
    this.topology = topology;
  }

  /**
   * The queues run on these CPUs from now on.
   *
   * @param cpus of each queue, -1 where that is not known
   * @return false if nothing changed
   */
  public boolean update(int[] cpus) {
    if (Arrays.equals(placed, cpus)) {
      return false;
    }
    placed = cpus.clone();
    int highest = topology.cpus().stream().mapToInt(Cpu::id).max().orElse(0);
    int[] all = new int[cpus.length];
    Arrays.setAll(all, i -> i);
    int[][] nearest = new int[highest + 2][];
    Arrays.fill(nearest, all);
    for (Cpu cpu : topology.cpus()) {
      nearest[cpu.id()] = nearest(cpu, cpus);
    }
    table = nearest;
    return true;
  }

  private int[] nearest(Cpu to, int[] cpus) {
    int least = UNKNOWN;
    List<Integer> best = new ArrayList<>();
    for (int queue = 0; queue < cpus.length; queue++) {
      int distance = distance(to, cpus[queue]);
      if (distance < least) {
        best.clear();
        least = distance;
      }
      if (distance == least) {
        best.add(queue);
      }
    }
    return best.stream().mapToInt(Integer::intValue).toArray();
  }

  private int distance(Cpu to, int cpu) {
    for (Cpu each : topology.cpus()) {
      if (each.id() == cpu) {
        if (to.id() == cpu) {
          return SAME_CPU;
        }
        boolean core = to.packageId() == each.packageId() && to.core() == each.core();
        return core ? SAME_CORE : to.node() == each.node() ? SAME_NODE : ELSEWHERE;
      }
    }
    return UNKNOWN;
  }

  /**
   * The nearest queue.
   *
   * @param cpu -1 if not known
   * @param spread any number, by which those equally near are shared out
   */
  public int choose(int cpu, int spread) {
    int[][] now = table;
    int[] near = now[cpu >= 0 && cpu < now.length ? cpu : now.length - 1];
    return near[Math.floorMod(spread, near.length)];
  }
}
