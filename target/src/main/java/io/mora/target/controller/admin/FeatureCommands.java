package io.mora.target.controller.admin;

import io.mora.protocol.command.FeatureId;
import io.mora.protocol.command.Features;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.NamespaceTable;
import java.util.Arrays;

/** Set Features and Get Features. */
final class FeatureCommands {
  private static final int HOST_ID_LENGTH = 16;
  private static final int EXHID = 1;

  /** Events we can report: SMART warnings by bits 7:0, namespace attributes, ANA. */
  private static final int EVENTS_IO = 0x9FF;

  /** Types of reservation notifications, each a bit of its number. */
  private static final int RESERVATION_NOTICES = 0b1110;

  static final int NAMESPACE_NOTICES = 1 << 8;
  static final int ANA_NOTICES = 1 << 11;
  static final int DISCOVERY_NOTICES = 1 << 31;

  private final Controller controller;
  private final WriteCache cache;
  private final int[] values = new int[256];
  private final boolean discovery;
  private final IntentFeatures intent;
  private final HostFeatures host;

  FeatureCommands(Controller controller, IntentFeatures intent) {
    this.controller = controller;
    this.intent = intent;
    this.cache = new WriteCache(controller);
    this.host = new HostFeatures(controller);
    this.discovery = controller.subsystem().isDiscovery();
    reset();
  }

  /** Back to the defaults, as after a controller reset. */
  void reset() {
    Arrays.fill(values, 0);
    for (int fid = 0; fid < values.length; fid++) {
      values[fid] = defaultOf(fid);
    }
    cache.reset();
    host.reset();
    controller.grantIoQueues(controller.limits().ioQueuesMax());
    controller.resetIntent();
    intent.reset();
  }

  private int defaultOf(int fid) {
    return switch (fid) {
      case FeatureId.TEMPERATURE_THRESHOLD -> IdentifyPages.WARNING_TEMPERATURE_K;
      case FeatureId.VOLATILE_WRITE_CACHE -> 1;
      case FeatureId.NUMBER_OF_QUEUES -> queues(controller.limits().ioQueuesMax());
      default -> 0;
    };
  }

  private boolean supported(int fid) {
    return switch (fid) {
      case FeatureId.ASYNC_EVENT_CONFIGURATION, FeatureId.KEEP_ALIVE_TIMER -> true;
      case FeatureId.ARBITRATION,
          FeatureId.POWER_MANAGEMENT,
          FeatureId.TEMPERATURE_THRESHOLD,
          FeatureId.ERROR_RECOVERY,
          FeatureId.NUMBER_OF_QUEUES,
          FeatureId.WRITE_ATOMICITY,
          FeatureId.TIMESTAMP,
          FeatureId.RESERVATION_MASK,
          FeatureId.RESERVATION_PERSISTENCE,
          FeatureId.HOST_BEHAVIOR,
          FeatureId.HOST_IDENTIFIER ->
          !discovery;
      case FeatureId.VOLATILE_WRITE_CACHE -> !discovery && IdentifyPages.anyVolatile(controller);
      default -> intent.supported(fid);
    };
  }

  /** Bytes of data that go with a feature, 0 for none. */
  int dataLength(CommandSlot slot, boolean set) {
    int fid = Features.fid(slot.sqe, 0);
    if (!set && Features.select(slot.sqe, 0) == Features.SELECT_CAPABILITIES) {
      return 0;
    }
    if (intent.supported(fid)) {
      return intent.dataLength(slot, fid, set);
    }
    if (host.supported(fid) && !discovery) {
      return host.dataLength(fid);
    }
    return fid == FeatureId.HOST_IDENTIFIER && !set && !discovery ? HOST_ID_LENGTH : 0;
  }

  // --- Get

  void get(CommandSlot slot) {
    int fid = Features.fid(slot.sqe, 0);
    if (!supported(fid)) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
      return;
    }
    switch (Features.select(slot.sqe, 0)) {
      case Features.SELECT_CURRENT -> slot.result = Integer.toUnsignedLong(current(slot, fid));
      case Features.SELECT_DEFAULT, Features.SELECT_SAVED ->
          slot.result = Integer.toUnsignedLong(defaultOf(fid));
      case Features.SELECT_CAPABILITIES ->
          slot.result = fid == IntentFeature.GRANTS ? 0 : Features.CAPABILITY_CHANGEABLE;
      default -> refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
    }
  }

  private int current(CommandSlot slot, int fid) {
    return switch (fid) {
      case FeatureId.KEEP_ALIVE_TIMER -> (int) controller.keepAlive().katoMs();
      case FeatureId.NUMBER_OF_QUEUES -> queues(controller.ioGranted());
      case FeatureId.VOLATILE_WRITE_CACHE -> cache.isOn() ? 1 : 0;
      case FeatureId.RESERVATION_MASK, FeatureId.RESERVATION_PERSISTENCE -> reservation(slot, fid);
      default -> intent.supported(fid) ? intent.get(slot, fid) : values[fid];
    };
  }

  /** Get Features with data: the host identifier, and some of the extension's. */
  void getData(CommandSlot slot, IoBuffer into) {
    if (intent.supported(Features.fid(slot.sqe, 0))) {
      intent.getData(slot, into);
    } else if (host.supported(Features.fid(slot.sqe, 0))) {
      host.get(slot, into);
    } else if ((Sqe.cdw11(slot.sqe, 0) & EXHID) == 0) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    } else {
      controller.identity().hostId().encode(into.buf, 0);
    }
  }

  // --- Set

  /** Sets a feature, and ends the command now or later. */
  void set(CommandSlot slot) {
    take(slot);
    if (Features.fid(slot.sqe, 0) == FeatureId.VOLATILE_WRITE_CACHE
        && Status.isSuccess(slot.status)) {
      cache.set(slot, (Sqe.cdw11(slot.sqe, 0) & 1) != 0);
    } else {
      slot.queuePair.finish(slot);
    }
  }

  private void take(CommandSlot slot) {
    int fid = Features.fid(slot.sqe, 0);
    int value = Sqe.cdw11(slot.sqe, 0);
    if (!supported(fid)) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
    } else if (Features.save(slot.sqe, 0)) {
      refuse(slot, Status.FEATURE_NOT_SAVEABLE, Sqe.CDW10);
    } else {
      switch (fid) {
        case FeatureId.NUMBER_OF_QUEUES -> setQueues(slot, value);
        case FeatureId.KEEP_ALIVE_TIMER ->
            controller.keepAlive().katoMs(Integer.toUnsignedLong(value));
        case FeatureId.HOST_IDENTIFIER -> refuse(slot, Status.COMMAND_SEQUENCE_ERROR, Sqe.CDW10);
        case FeatureId.TIMESTAMP, FeatureId.HOST_BEHAVIOR -> host.set(slot);
        case FeatureId.RESERVATION_MASK, FeatureId.RESERVATION_PERSISTENCE ->
            setReservation(slot, fid, value);
        case FeatureId.POWER_MANAGEMENT -> store(slot, fid, value, value == 0);
        case FeatureId.VOLATILE_WRITE_CACHE -> store(slot, fid, value, (value & ~1) == 0);
        case FeatureId.ASYNC_EVENT_CONFIGURATION ->
            store(slot, fid, value, (value & ~(discovery ? DISCOVERY_NOTICES : EVENTS_IO)) == 0);
        default -> {
          if (intent.supported(fid)) {
            intent.set(slot, fid);
          } else {
            store(slot, fid, value, true);
          }
        }
      }
    }
  }

  private void store(CommandSlot slot, int fid, int value, boolean valid) {
    if (valid) {
      values[fid] = value;
    } else {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    }
  }

  // --- of a namespace

  private int reservation(CommandSlot slot, int fid) {
    if (controller.namespaces().find(slot.nsid()) == null) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
      return 0;
    }
    // Registrations end with the target.
    return fid == FeatureId.RESERVATION_MASK
        ? controller.notices().reservations().mask(slot.nsid())
        : 0;
  }

  private void setReservation(CommandSlot slot, int fid, int value) {
    boolean mask = fid == FeatureId.RESERVATION_MASK;
    NamespaceTable table = controller.namespaces();
    boolean all = slot.nsid() == Sqe.NSID_ALL;
    if ((value & ~(mask ? RESERVATION_NOTICES : 0)) != 0) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    } else if (!all && table.find(slot.nsid()) == null) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
    } else if (mask) {
      for (int i = 0; i < table.size(); i++) {
        int nsid = table.at(i).nsid();
        if (all || nsid == slot.nsid()) {
          controller.notices().reservations().mask(nsid, value);
        }
      }
    }
  }

  private void setQueues(CommandSlot slot, int value) {
    int nsq0 = value & 0xFFFF;
    int ncq0 = value >>> 16;
    if (nsq0 == 0xFFFF || ncq0 == 0xFFFF) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    } else if (controller.hasIoQueues()) {
      refuse(slot, Status.COMMAND_SEQUENCE_ERROR, Sqe.CDW10);
    } else {
      // Submission and completion queues come in pairs over fabrics.
      int granted = Math.min(Math.min(nsq0, ncq0) + 1, controller.limits().ioQueuesMax());
      controller.grantIoQueues(granted);
      slot.result = Integer.toUnsignedLong(queues(granted));
    }
  }

  /** The host wants notices of a kind, a bit of Asynchronous Event Configuration. */
  boolean notices(int configuration) {
    return (values[FeatureId.ASYNC_EVENT_CONFIGURATION] & configuration) != 0;
  }

  private static int queues(int count) {
    return count - 1 | count - 1 << 16;
  }

  private static void refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
  }
}
