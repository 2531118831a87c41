package io.mora.target.reservation;

import io.mora.protocol.HostId;
import io.mora.protocol.status.Status;
import java.util.List;
import java.util.Set;

/**
 * What came of a reservation command.
 *
 * @param state what is in force now; the state before if nothing changed
 * @param status a packed status without DNR
 * @param notices what other hosts are to be told
 * @param preempted hosts whose registration somebody else ended
 */
public record ReservationOutcome(
    ReservationState state, int status, List<ReservationNotice> notices, Set<HostId> preempted) {
  public ReservationOutcome {
    notices = List.copyOf(notices);
    preempted = Set.copyOf(preempted);
  }

  /** The same, and if it is a success the state is kept through a loss of power or not. */
  public ReservationOutcome persist(boolean wanted) {
    return Status.isSuccess(status)
        ? new ReservationOutcome(state.persist(wanted).state(), status, notices, preempted)
        : this;
  }
}
