package io.mora.target.controller.admin;

import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Features 82h and 83h, of each namespace: what its host is told of reservations, and PTPL. */
final class ReservationFeatures {
  /** Types of notifications, each a bit of its number. */
  private static final int NOTICES = 0b1110;

  private static final int PTPL = 1;

  private final Controller controller;

  ReservationFeatures(Controller controller) {
    this.controller = controller;
  }

  // --- Get

  int mask(CommandSlot slot) {
    return find(slot) == null ? 0 : controller.notices().reservations().mask(slot.nsid());
  }

  int persistence(CommandSlot slot) {
    Namespace namespace = find(slot);
    return namespace != null && namespace.reservation().now().isPersistent() ? PTPL : 0;
  }

  private @Nullable Namespace find(CommandSlot slot) {
    Namespace namespace = controller.namespaces().find(slot.nsid());
    if (namespace == null) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
    }
    return namespace;
  }

  // --- Set

  void mask(CommandSlot slot, int value) {
    if ((value & ~NOTICES) != 0) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
      return;
    }
    for (Namespace namespace : meant(slot)) {
      controller.notices().reservations().mask(namespace.nsid(), value);
    }
  }

  /** Refuses a value of PTPL that {@link #persist} cannot set. */
  void check(CommandSlot slot, int value) {
    boolean valid = (value & ~PTPL) == 0;
    for (Namespace namespace : meant(slot)) {
      valid &= value == 0 || namespace.reservation().mayPersist();
    }
    if (!valid) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    }
  }

  /** Sets PTPL, and ends the command when that is durable; what {@link #check} let pass. */
  void persist(CommandSlot slot, boolean on) {
    slot.queuePair.aborts().hold(slot);
    int[] left = {1};
    for (Namespace namespace : meant(slot)) {
      left[0]++;
      namespace
          .reservation()
          .change(
              state -> state.persist(on),
              outcome ->
                  controller.home().shard().execute(() -> oneDone(slot, outcome.status(), left)));
    }
    oneDone(slot, Status.SUCCESS, left);
  }

  private static void oneDone(CommandSlot slot, int status, int[] left) {
    if (!Status.isSuccess(status)) {
      slot.fail(status, -1);
    }
    left[0]--;
    if (left[0] == 0) {
      slot.queuePair.finish(slot);
    }
  }

  /** The namespaces a Set Features is about; it fails if there is no such. */
  private List<Namespace> meant(CommandSlot slot) {
    if (slot.nsid() != Sqe.NSID_ALL) {
      Namespace namespace = find(slot);
      return namespace == null ? List.of() : List.of(namespace);
    }
    NamespaceTable table = controller.namespaces();
    List<Namespace> all = new ArrayList<>(table.size());
    for (int i = 0; i < table.size(); i++) {
      all.add(table.at(i));
    }
    return all;
  }

  private static void refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
  }
}
