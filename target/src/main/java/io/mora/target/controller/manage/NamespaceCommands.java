package io.mora.target.controller.manage;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.ControllerList;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.IdentifyNamespace.Field;
import io.mora.protocol.namespace.NamespaceAttachment;
import io.mora.protocol.namespace.NamespaceManagement;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.DataPointer;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Namespace Management and Attachment, for hosts that the subsystem's pool names; to others these
 * commands are unknown. The home shard only; the change itself is made elsewhere.
 */
public final class NamespaceCommands {
  /** Blocks a namespace can be made of, by the index a host asks for. */
  public static final List<Integer> BLOCK_SHIFTS = List.of(12, 9);

  private static final int SHARED = 1;

  private final Controller controller;
  private final NamespaceMaker maker;

  /** Commands not answered yet, whose orders are carried out one after the other. */
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  /** Of the one that is being carried out, whether its command is still there or not. */
  private boolean ordered;

  public NamespaceCommands(Controller controller, NamespaceMaker maker) {
    this.controller = controller;
    this.maker = maker;
  }

  /** Whether its host may change which namespaces there are, and is who it says. Any thread. */
  public static boolean mayManage(Controller controller) {
    return controller.intent().isWorthItsName()
        && controller.subsystem().policy().pool().isManagedBy(controller.identity().hostNqn());
  }

  // --- init

  /** As {@link CommandSet#init}, of hosts that may. */
  public int init(CommandSlot slot) {
    if (slot.opcode() == AdminOpcode.NAMESPACE_ATTACHMENT) {
      return NamespaceAttachment.select(slot.sqe, 0) > NamespaceAttachment.DETACH
          ? refuse(slot, Status.INVALID_FIELD, Sqe.CDW10)
          : fromHost(slot, NamespaceAttachment.DATA_LENGTH);
    }
    return switch (NamespaceManagement.select(slot.sqe, 0)) {
      case NamespaceManagement.CREATE -> {
        if (NamespaceManagement.csi(slot.sqe, 0) != Identify.CSI_NVM) {
          yield refuse(slot, Status.IO_COMMAND_SET_NOT_SUPPORTED, Sqe.CDW11);
        }
        yield fromHost(slot, NamespaceManagement.DATA_LENGTH);
      }
      case NamespaceManagement.DELETE -> CommandSet.READY;
      default -> refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
    };
  }

  private static int fromHost(CommandSlot slot, int length) {
    return DataPointer.fromHost(slot, length, PduLimits.ADMIN_IN_CAPSULE)
        ? CommandSet.DATA_FROM_HOST
        : CommandSet.REFUSED;
  }

  private static int refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
    return CommandSet.REFUSED;
  }

  // --- execute

  /** Begins; the command ends when the change is in force and kept. */
  public void execute(CommandSlot slot) {
    NamespaceOrder order = null;
    if (!controller.isReady()) {
      // Its data came after a reset: nothing may outlive that.
      refuse(slot, Status.COMMAND_SEQUENCE_ERROR, Sqe.OPC);
    } else if (slot.opcode() == AdminOpcode.NAMESPACE_MANAGEMENT
        && NamespaceManagement.select(slot.sqe, 0) == NamespaceManagement.CREATE) {
      order = creation(slot);
    } else if (!mayWrite(slot.nsid())) {
      refuse(slot, Status.RESERVATION_CONFLICT, -1); // Both are of the group of writes.
    } else if (slot.opcode() == AdminOpcode.NAMESPACE_ATTACHMENT) {
      order = attachment(slot);
    } else if (slot.nsid() == 0) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
    } else {
      order = new NamespaceOrder.Delete(controller.subsystem().nqn(), host(), slot.nsid());
    }
    if (order == null) {
      slot.queuePair.finish(slot);
      return;
    }
    slot.queuePair.aborts().hold(slot);
    waiting.add(new Waiting(slot, order));
    next();
  }

  /** One order of a controller at a time: the others' have to wait for no more than that. */
  private void next() {
    Waiting first = waiting.peek();
    if (first != null && !ordered) {
      ordered = true;
      maker.carryOut(first.order, first);
    }
  }

  /** No reservation keeps the host out of the namespace, or out of any of them. */
  private boolean mayWrite(int nsid) {
    boolean may = true;
    for (Namespace each : meant(nsid)) {
      may &= each.reservation().now().mayWrite(controller.identity().hostId());
    }
    return may;
  }

  /** The namespace, or all of them; any thread. */
  private List<Namespace> meant(int nsid) {
    NamespaceTable all = controller.subsystem().namespaces();
    List<Namespace> meant = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (nsid == Sqe.NSID_ALL || all.at(i).nsid() == nsid) {
        meant.add(all.at(i));
      }
    }
    return meant;
  }

  private Nqn host() {
    return controller.identity().hostNqn();
  }

  private static ByteBuf data(CommandSlot slot) {
    if (slot.buffer == null) {
      throw new IllegalStateException("no buffer: " + slot);
    }
    return slot.buffer.buf;
  }

  /** What the host asks for, or null with the slot refused. */
  private @Nullable NamespaceOrder creation(CommandSlot slot) {
    IdentifyNamespace wanted = IdentifyNamespace.decode(data(slot), 0);
    long blocks = wanted.value(Field.NSZE);
    int format = (int) wanted.value(Field.FLBAS);
    int group = (int) wanted.value(Field.ANAGRPID);
    if (format >= BLOCK_SHIFTS.size()) {
      refuse(slot, Status.INVALID_FORMAT, -1);
    } else if (wanted.value(Field.NCAP) != blocks) {
      refuse(slot, Status.THIN_PROVISIONING_NOT_SUPPORTED, -1);
    } else if (wanted.value(Field.DPS) != 0
        || wanted.value(Field.NMIC) != SHARED
        || wanted.value(Field.NVMSETID) != 0
        || wanted.value(Field.ENDGID) != 0) {
      // A namespace of one controller (NMIC 0) would be lost with it: controllers are dynamic.
      refuse(slot, Status.INVALID_FIELD, -1);
    } else if (group != 0 && !AnaGroupState.GROUP.contains(group)) {
      refuse(slot, Status.ANA_GROUP_INVALID, -1);
    } else {
      int shift = BLOCK_SHIFTS.get(format);
      if (Long.compareUnsigned(blocks, BackendSpec.SIZE_BYTES.max() >> shift) > 0) {
        refuse(slot, Status.NAMESPACE_INSUFFICIENT_CAPACITY, -1);
      } else if (blocks < BackendSpec.SIZE_BYTES.min() >> shift) {
        refuse(slot, Status.INVALID_FIELD, -1);
      } else {
        int defaultGroup = (int) AnaGroupState.GROUP.defaultValue();
        return new NamespaceOrder.Make(
            controller.subsystem().nqn(),
            host(),
            blocks << shift,
            1 << shift,
            group == 0 ? defaultGroup : group);
      }
    }
    return null;
  }

  private @Nullable NamespaceOrder attachment(CommandSlot slot) {
    Set<Nqn> hosts = new LinkedHashSet<>();
    Map<Integer, Nqn> known = new HashMap<>();
    for (Controller each : controller.ofSubsystem()) {
      if (!each.isEnded()) {
        known.put(each.cntlid(), each.identity().hostNqn());
      }
    }
    for (int cntlid : controllers(data(slot))) {
      Nqn named = known.remove(cntlid); // Each once.
      if (named == null) {
        refuse(slot, Status.CONTROLLER_LIST_INVALID, -1);
        return null;
      }
      hosts.add(named);
    }
    if (hosts.isEmpty()) {
      refuse(slot, Status.CONTROLLER_LIST_INVALID, -1);
      return null;
    }
    return new NamespaceOrder.Attach(
        controller.subsystem().nqn(),
        host(),
        slot.nsid(),
        List.copyOf(hosts),
        NamespaceAttachment.select(slot.sqe, 0) == NamespaceAttachment.ATTACH);
  }

  /** None where the list is none. */
  private static List<Integer> controllers(ByteBuf data) {
    int count = data.getUnsignedShortLE(0);
    return count > ControllerList.ENTRIES_MAX
        ? List.of()
        : ControllerList.decode(data, 0).controllerIds();
  }

  /** Controller reset: nothing is answered any more; what was begun is done. */
  public void reset() {
    waiting.forEach(Waiting::discard);
    waiting.clear();
  }

  /** A command whose change is to be made. */
  private final class Waiting implements NamespaceMaker.Caller {
    private final NamespaceOrder order;
    private final StandingReservations reservations = new StandingReservations();
    private @Nullable CommandSlot slot;

    Waiting(CommandSlot slot, NamespaceOrder order) {
      this.slot = slot;
      this.order = order;
    }

    void discard() {
      CommandSlot left = slot;
      if (left != null) {
        slot = null;
        left.queuePair.discard(left);
      }
    }

    @Override
    public int look() {
      if (!mayManage(controller)) {
        return Status.OPERATION_DENIED;
      }
      return order.existing() == 0
          ? Status.SUCCESS
          : reservations.stop(meant(order.existing()), controller.identity().hostId());
    }

    @Override
    public void ended(int status, int nsid) {
      if (!(order instanceof NamespaceOrder.Delete && Status.isSuccess(status))) {
        reservations.moveOn(); // What was deleted has none that could change.
      }
      controller.home().shard().execute(() -> end(status, nsid));
    }

    private void end(int status, int nsid) {
      ordered = false;
      waiting.remove(this);
      answer(status, nsid);
      next();
    }

    private void answer(int status, int nsid) {
      CommandSlot left = slot;
      if (left == null) {
        return;
      }
      slot = null;
      if (Status.isSuccess(status)) {
        left.result = nsid;
      } else {
        left.fail(status, -1);
      }
      left.queuePair.finish(left);
    }
  }
}
