package io.mora.target.controller.nvm;

import io.mora.protocol.HostId;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationReport;
import io.mora.protocol.reservation.ReservationType;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.DataPointer;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.reservation.ReservationNotice;
import io.mora.target.reservation.ReservationOutcome;
import io.mora.target.reservation.ReservationState;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.Namespace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Function;

/** Reservation Register, Acquire, Release and Report, and what a reservation refuses. */
final class ReservationCommands {
  private final Controller controller;
  private final HostId host;

  ReservationCommands(Controller controller) {
    this.controller = controller;
    this.host = controller.identity().hostId();
  }

  /**
   * Whether a reservation lets this host's command run. Flush of all namespaces is not asked about:
   * it changes nothing.
   */
  boolean admits(int opcode, Namespace namespace) {
    ReservationState now = namespace.reservation().now();
    if (!now.isHeld()) {
      return true;
    }
    return switch (opcode) {
      case NvmOpcode.READ, NvmOpcode.COMPARE, NvmOpcode.VERIFY -> now.mayRead(host);
      case NvmOpcode.COPY -> now.mayRead(host) && now.mayWrite(host);
      case NvmOpcode.WRITE, NvmOpcode.WRITE_ZEROES, NvmOpcode.DATASET_MANAGEMENT, NvmOpcode.FLUSH ->
          now.mayWrite(host);
      default -> true;
    };
  }

  // --- init

  int init(CommandSlot slot) {
    ByteBuf sqe = slot.sqe;
    int action = Reservation.action(sqe, 0);
    boolean ignoresKey = Reservation.ignoresKey(sqe, 0);
    boolean typeKnown = ReservationType.of(Reservation.type(sqe, 0)) != null;
    return switch (slot.opcode()) {
      case NvmOpcode.RESERVATION_REPORT -> initReport(slot);
      case NvmOpcode.RESERVATION_REGISTER -> {
        boolean valid = action <= Reservation.REPLACE && mayPersist(slot);
        yield fromHost(slot, valid, Reservation.KEYS_LENGTH);
      }
      case NvmOpcode.RESERVATION_ACQUIRE -> {
        boolean valid = action <= Reservation.PREEMPT_AND_ABORT && !ignoresKey && typeKnown;
        yield fromHost(slot, valid, Reservation.KEYS_LENGTH);
      }
      default -> {
        boolean valid =
            !ignoresKey
                && (action == Reservation.CLEAR || action == Reservation.RELEASE && typeKnown);
        // Linux sends as much as with the others.
        yield fromHost(slot, valid, Reservation.KEY_LENGTH, Reservation.KEYS_LENGTH);
      }
    };
  }

  /** What CPTPL asks for can be had. */
  private static boolean mayPersist(CommandSlot slot) {
    Namespace namespace = slot.namespace;
    return switch (Reservation.persistence(slot.sqe, 0)) {
      case Reservation.PTPL_NO_CHANGE, Reservation.PTPL_OFF -> true;
      case Reservation.PTPL_ON -> namespace != null && namespace.reservation().mayPersist();
      default -> false;
    };
  }

  private int initReport(CommandSlot slot) {
    if (!Reservation.isExtended(slot.sqe, 0)) {
      // Hosts over fabrics have identifiers of 128 bits.
      return refuse(slot, Status.HOST_ID_INCONSISTENT, Sqe.CDW11);
    }
    long length = Reservation.reportBytes(slot.sqe, 0);
    if (length > controller.limits().maxTransferBytes()) {
      return refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
    }
    return DataPointer.toHost(slot, length) ? CommandSet.DATA_TO_HOST : CommandSet.REFUSED;
  }

  private int fromHost(CommandSlot slot, boolean valid, int length) {
    return fromHost(slot, valid, length, length);
  }

  private int fromHost(CommandSlot slot, boolean valid, int least, int most) {
    if (!valid) {
      return refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
    }
    int inCapsule = controller.limits().inCapsuleBytes();
    return DataPointer.fromHost(slot, least, most, inCapsule)
        ? CommandSet.DATA_FROM_HOST
        : CommandSet.REFUSED;
  }

  private static int refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
    return CommandSet.REFUSED;
  }

  // --- execute

  void execute(CommandSlot slot) {
    Namespace namespace = slot.namespace;
    IoBuffer buffer = slot.buffer;
    if (namespace == null || buffer == null) {
      throw new IllegalStateException("no namespace or data: " + slot);
    }
    if (slot.opcode() == NvmOpcode.RESERVATION_REPORT) {
      report(slot, namespace, buffer);
      return;
    }
    slot.queuePair.aborts().hold(slot);
    NamespaceReservation reservation = namespace.reservation();
    Function<ReservationState, ReservationOutcome> change = change(slot, buffer.buf);
    if (reservation.mayPersist()) {
      reservation.change(
          change,
          outcome ->
              slot.queuePair.turn().shard().execute(() -> changed(slot, namespace, outcome)));
    } else {
      reservation.change(change, outcome -> changed(slot, namespace, outcome));
    }
  }

  /** On the queue pair's shard; its connection may be gone. */
  private void changed(CommandSlot slot, Namespace namespace, ReservationOutcome outcome) {
    int status = outcome.status();
    if (!Status.isSuccess(status)) {
      // What could not be kept, or found too many before it, may be tried again.
      boolean later = status == Status.INTERNAL_ERROR || status == Status.COMMAND_INTERRUPTED;
      slot.fail(later ? status : status | Status.DNR, -1);
      slot.queuePair.finish(slot);
      return;
    }
    tell(namespace.nsid(), outcome.notices());
    if (slot.opcode() == NvmOpcode.RESERVATION_ACQUIRE
        && Reservation.action(slot.sqe, 0) == Reservation.PREEMPT_AND_ABORT) {
      new PreemptAbort(slot, namespace, outcome.preempted()).run(controller);
    } else {
      slot.queuePair.finish(slot);
    }
  }

  /** What a command does to a state; looks at the command and its data before it returns. */
  private Function<ReservationState, ReservationOutcome> change(CommandSlot slot, ByteBuf data) {
    int action = Reservation.action(slot.sqe, 0);
    long key = Reservation.currentKey(data);
    if (slot.opcode() == NvmOpcode.RESERVATION_REGISTER) {
      boolean ignoresKey = Reservation.ignoresKey(slot.sqe, 0);
      long newKey = Reservation.otherKey(data);
      int persistence = Reservation.persistence(slot.sqe, 0);
      return state -> {
        ReservationOutcome outcome = state.register(host, action, ignoresKey, key, newKey);
        return persistence == Reservation.PTPL_NO_CHANGE
            ? outcome
            : outcome.persist(persistence == Reservation.PTPL_ON);
      };
    }
    boolean release = slot.opcode() == NvmOpcode.RESERVATION_RELEASE;
    if (release && action == Reservation.CLEAR) {
      return state -> state.clear(host, key);
    }
    ReservationType type = ReservationType.of(Reservation.type(slot.sqe, 0));
    if (type == null) {
      throw new IllegalStateException("a type that init let pass: " + slot);
    }
    if (release) {
      return state -> state.release(host, type, key);
    }
    if (action == Reservation.ACQUIRE) {
      return state -> state.acquire(host, type, key);
    }
    long preempted = Reservation.otherKey(data);
    return state -> state.preempt(host, type, key, preempted);
  }

  private static void report(CommandSlot slot, Namespace namespace, IoBuffer buffer) {
    ReservationReport report = namespace.reservation().now().report();
    ByteBuf whole = Unpooled.buffer(report.length(), report.length());
    report.encode(whole, 0);
    buffer.buf.setZero(0, slot.dataLength);
    buffer.buf.setBytes(0, whole, 0, Math.min(slot.dataLength, report.length()));
    slot.queuePair.finish(slot, buffer, slot.dataLength);
  }

  /** Hosts hear of it on all of their controllers. */
  private void tell(int nsid, List<ReservationNotice> notices) {
    if (notices.isEmpty()) {
      return;
    }
    controller
        .home()
        .shard()
        .execute(
            () -> {
              for (Controller each : controller.ofSubsystem()) {
                for (ReservationNotice notice : notices) {
                  if (!each.isEnded() && notice.host().equals(each.identity().hostId())) {
                    each.notices().reservations().add(nsid, notice.type());
                  }
                }
              }
            });
  }
}
