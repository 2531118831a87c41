package io.mora.initiator;

import io.mora.initiator.signals.GcPauses;
import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.net.IoLoop;
import io.mora.qos.locality.CpuTopology;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Where an association lives and for whom it speaks.
 *
 * @param loops all loops
 * @param home index of the loop with the admin queue; I/O queues follow round and round
 * @param pauses of this process
 * @param topology of this machine
 * @param resolver for what takes long: looking up names, proving who this host is
 */
record HostPlace(
    HostId hostId,
    Nqn hostNqn,
    List<IoLoop> loops,
    int home,
    Executor resolver,
    GcPauses pauses,
    CpuTopology topology) {
  IoLoop loop(int number) {
    return loops.get((home + number) % loops.size());
  }
}
