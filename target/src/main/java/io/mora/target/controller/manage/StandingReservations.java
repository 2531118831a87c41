package io.mora.target.controller.manage;

import io.mora.protocol.HostId;
import io.mora.protocol.status.Status;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.subsystem.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reservations that nobody changes while what they guard is deleted, attached or detached. The
 * thread that makes the change only, which may wait: for changes that are being kept.
 */
final class StandingReservations {
  private final List<NamespaceReservation> standing = new ArrayList<>();

  /**
   * Looks at all of them, each for the last time.
   *
   * @param host who has to be let write by each
   * @return success if all stand still; else why not, and none of them does
   */
  int stop(List<Namespace> namespaces, HostId host) {
    for (Namespace each : namespaces) {
      CompletableFuture<Integer> looked = new CompletableFuture<>();
      each.reservation().standStill(now -> now.mayWrite(host), looked::complete);
      int status = looked.join();
      if (!Status.isSuccess(status)) {
        moveOn();
        return status;
      }
      standing.add(each.reservation());
    }
    return Status.SUCCESS;
  }

  /** All of them may change again. */
  void moveOn() {
    standing.forEach(NamespaceReservation::moveOn);
    standing.clear();
  }
}
