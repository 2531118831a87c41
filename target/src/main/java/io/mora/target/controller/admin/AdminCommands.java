package io.mora.target.controller.admin;

import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.LogPageId;
import io.mora.protocol.command.PropertyAccess;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.HostConnection;
import io.mora.target.controller.manage.NamespaceCommands;
import io.mora.target.controller.manage.NamespaceMaker;
import io.mora.target.controller.notice.Notices;
import io.mora.target.controller.nvm.FormatCommand;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.DataPointer;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.SubsystemRegistry;

/**
 * The commands of an admin queue. Runs on the subsystem's home shard and never waits for I/O, so
 * Keep Alive is answered however busy the namespaces are.
 */
public final class AdminCommands implements CommandSet {
  /** I/O command specific, reservation log page available. */
  private static final int RESERVATION_EVENT =
      LogPageId.RESERVATION_NOTIFICATION << 16 | AsyncEvents.IO_COMMAND_SPECIFIC;

  /** Health, reliability degraded. */
  private static final int DEGRADED_EVENT = LogPageId.SMART_HEALTH << 16 | AsyncEvents.HEALTH;

  private static final int NAMESPACES_EVENT =
      LogPageId.CHANGED_NAMESPACES << 16 | AsyncEvents.NOTICE;

  /** Information 03h. */
  private static final int ANA_EVENT = LogPageId.ANA << 16 | 0x03 << 8 | AsyncEvents.NOTICE;

  /** Information F0h. */
  private static final int DISCOVERY_EVENT =
      LogPageId.DISCOVERY << 16 | 0xF0 << 8 | AsyncEvents.NOTICE;

  private final Controller controller;
  private final IdentifyPages identify;
  private final LogPages logPages;
  private final FeatureCommands features;
  private final AsyncEvents events;
  private final AbortCommand aborts;
  private final FormatCommand format;
  private final NamespaceCommands namespaces;
  private final boolean discovery;

  public AdminCommands(
      Controller controller,
      SubsystemRegistry registry,
      HostConnection connection,
      NamespaceMaker maker) {
    this.controller = controller;
    this.discovery = controller.subsystem().isDiscovery();
    this.identify = new IdentifyPages(controller, maker);
    this.namespaces = new NamespaceCommands(controller, maker);
    this.events = new AsyncEvents();
    this.aborts = new AbortCommand(controller, events);
    IntentFeatures intent = new IntentFeatures(controller, new SloWatch(controller, events));
    this.features = new FeatureCommands(controller, intent);
    this.format = new FormatCommand(controller, connection.port().ana());
    AnaPages ana = new AnaPages(controller, connection.port().ana());
    this.logPages =
        new LogPages(
            controller,
            events,
            new DiscoveryPage(controller, registry, connection),
            new IntentPages(controller, intent.reports()),
            ana,
            features::effects);
    Notices notices = controller.notices();
    notices.reservations().onNew(() -> events.raise(RESERVATION_EVENT));
    notices.errors().onMediaError(() -> notice(FeatureCommands.DEGRADED_WARNING, DEGRADED_EVENT));
    notices.namespaces().onNew(() -> notice(FeatureCommands.NAMESPACE_NOTICES, NAMESPACES_EVENT));
    notices.onAna(
        () -> {
          if (!discovery && ana.isNews()) {
            notice(FeatureCommands.ANA_NOTICES, ANA_EVENT);
          }
        });
    notices.onDiscovery(() -> notice(FeatureCommands.DISCOVERY_NOTICES, DISCOVERY_EVENT));
    controller.properties().onReset(this::reset);
  }

  private void reset() {
    events.reset();
    features.reset();
    format.reset();
    namespaces.reset();
    controller.notices().reset();
  }

  private void notice(int configuration, int event) {
    if (features.notices(configuration)) {
      events.raise(event);
    }
  }

  /** Events of this controller. */
  public AsyncEvents events() {
    return events;
  }

  // --- init

  @Override
  public int init(CommandSlot slot) {
    if (Sqe.flags(slot.sqe, 0) != Sqe.PSDT_SGL) {
      return refuse(slot, Status.INVALID_FIELD, Sqe.FLAGS);
    }
    int opcode = slot.opcode();
    if (opcode == AdminOpcode.FABRICS) {
      return initFabrics(slot);
    }
    if (!controller.isReady()) {
      return refuse(slot, Status.COMMAND_SEQUENCE_ERROR, Sqe.OPC);
    }
    return switch (opcode) {
      case AdminOpcode.IDENTIFY -> toHost(slot, Identify.DATA_LENGTH);
      case AdminOpcode.GET_LOG_PAGE -> initLogPage(slot);
      case AdminOpcode.SET_FEATURES, AdminOpcode.GET_FEATURES -> initFeature(slot);
      case AdminOpcode.KEEP_ALIVE, AdminOpcode.ASYNC_EVENT_REQUEST -> READY;
      case AdminOpcode.ABORT -> discovery ? unknown(slot) : READY;
      case AdminOpcode.FORMAT_NVM -> discovery ? unknown(slot) : format.init(slot);
      case AdminOpcode.NAMESPACE_MANAGEMENT, AdminOpcode.NAMESPACE_ATTACHMENT ->
          NamespaceCommands.mayManage(controller) ? namespaces.init(slot) : unknown(slot);
      default -> unknown(slot);
    };
  }

  private static int initFabrics(CommandSlot slot) {
    return switch (Sqe.fctype(slot.sqe, 0)) {
      case FabricsType.PROPERTY_GET, FabricsType.PROPERTY_SET -> READY;
      case FabricsType.CONNECT -> refuse(slot, Status.COMMAND_SEQUENCE_ERROR, Sqe.FCTYPE);
      case FabricsType.DISCONNECT -> refuse(slot, Status.INVALID_QUEUE_TYPE, Sqe.FCTYPE);
      default -> refuse(slot, Status.INVALID_OPCODE, Sqe.FCTYPE);
    };
  }

  private int initLogPage(CommandSlot slot) {
    long length = GetLogPage.lengthBytes(slot.sqe, 0);
    if (length > controller.limits().maxTransferBytes()) {
      return refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
    }
    if ((GetLogPage.offset(slot.sqe, 0) & 3) != 0) {
      return refuse(slot, Status.INVALID_FIELD, GetLogPage.LPO);
    }
    return toHost(slot, length);
  }

  private int initFeature(CommandSlot slot) {
    boolean set = slot.opcode() == AdminOpcode.SET_FEATURES;
    int length = features.dataLength(slot, set);
    if (length == 0) {
      return READY;
    }
    if (set) {
      return DataPointer.fromHost(slot, length, PduLimits.ADMIN_IN_CAPSULE)
          ? DATA_FROM_HOST
          : REFUSED;
    }
    return toHost(slot, length);
  }

  private static int toHost(CommandSlot slot, long length) {
    return DataPointer.toHost(slot, length) ? DATA_TO_HOST : REFUSED;
  }

  private static int unknown(CommandSlot slot) {
    return refuse(slot, Status.INVALID_OPCODE, Sqe.OPC);
  }

  private static int refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
    return REFUSED;
  }

  // --- execute

  @Override
  public void execute(CommandSlot slot) {
    switch (slot.opcode()) {
      case AdminOpcode.FABRICS -> property(slot);
      case AdminOpcode.IDENTIFY -> finishWithData(slot, identify::fill);
      case AdminOpcode.GET_LOG_PAGE -> finishWithData(slot, logPages::fill);
      case AdminOpcode.SET_FEATURES -> {
        if (controller.isReady()) {
          features.set(slot);
        } else {
          // Its data came after a reset or the association's end: nothing may outlive these.
          slot.fail(Status.COMMAND_SEQUENCE_ERROR | Status.DNR, Sqe.OPC);
          slot.queuePair.finish(slot);
        }
      }
      case AdminOpcode.GET_FEATURES -> {
        if (slot.dataLength > 0) {
          finishWithData(slot, features::getData);
        } else {
          features.get(slot);
          slot.queuePair.finish(slot);
        }
      }
      case AdminOpcode.ASYNC_EVENT_REQUEST -> events.request(slot);
      case AdminOpcode.ABORT -> aborts.abort(slot);
      case AdminOpcode.FORMAT_NVM -> format.execute(slot);
      case AdminOpcode.NAMESPACE_MANAGEMENT, AdminOpcode.NAMESPACE_ATTACHMENT ->
          namespaces.execute(slot);
      default -> keepAlive(slot);
    }
  }

  /** Fills a page into a zeroed buffer, or fails the slot. */
  private interface Page {
    void fill(CommandSlot slot, IoBuffer into);
  }

  private static void finishWithData(CommandSlot slot, Page page) {
    IoBuffer buffer = slot.buffer;
    if (buffer == null) {
      throw new IllegalStateException("no buffer: " + slot);
    }
    buffer.buf.setZero(0, slot.dataLength);
    page.fill(slot, buffer);
    slot.queuePair.finish(slot, buffer, slot.dataLength);
  }

  private void keepAlive(CommandSlot slot) {
    if (controller.keepAlive().katoMs() == 0) {
      slot.fail(Status.KEEP_ALIVE_INVALID | Status.DNR, Sqe.OPC);
    }
    slot.queuePair.finish(slot);
  }

  private void property(CommandSlot slot) {
    int offset = PropertyAccess.offset(slot.sqe, 0);
    int size = PropertyAccess.size(slot.sqe, 0);
    if (Sqe.fctype(slot.sqe, 0) == FabricsType.PROPERTY_SET) {
      long value = PropertyAccess.value(slot.sqe, 0);
      slot.status = controller.properties().set(offset, size, value);
      slot.errorLocation = PropertyAccess.OFST;
    } else if (controller.properties().isKnown(offset, size)) {
      slot.result = controller.properties().get(offset);
    } else {
      slot.fail(Status.INVALID_FIELD | Status.DNR, PropertyAccess.OFST);
    }
    slot.queuePair.finish(slot);
  }

  @Override
  public void stepDone(CommandSlot slot, int status) {
    throw new IllegalStateException("admin commands use no device: " + slot);
  }
}
