package io.mora.target.controller.admin;

import io.mora.protocol.command.FeatureId;
import io.mora.protocol.command.Features;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.log.FeatureEffectsLogPage;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Set Features and Get Features. */
final class FeatureCommands {
  private static final int HOST_ID_LENGTH = 16;
  private static final int EXHID = 1;

  /** Events we can report: SMART warnings by bits 7:0, namespace attributes, ANA. */
  private static final int EVENTS_IO = 0x9FF;

  static final int DEGRADED_WARNING = 1 << 2;
  static final int NAMESPACE_NOTICES = 1 << 8;
  static final int ANA_NOTICES = 1 << 11;
  static final int DISCOVERY_NOTICES = 1 << 31;

  private final Controller controller;
  private final WriteCache cache;
  private final int[] values = new int[256];
  private final boolean discovery;
  private final IntentFeatures intent;
  private final HostFeatures host;
  private final ReservationFeatures reservations;

  FeatureCommands(Controller controller, IntentFeatures intent) {
    this.controller = controller;
    this.intent = intent;
    this.cache = new WriteCache(controller);
    this.host = new HostFeatures(controller);
    this.reservations = new ReservationFeatures(controller);
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

  /** Which features there are now, and whether a value is the controller's or a namespace's. */
  FeatureEffectsLogPage effects() {
    Map<Integer, Integer> words = new TreeMap<>();
    for (int fid = 0; fid < values.length; fid++) {
      if (supported(fid)) {
        boolean ofNamespace =
            fid == FeatureId.RESERVATION_MASK || fid == FeatureId.RESERVATION_PERSISTENCE;
        int scope =
            ofNamespace ? FeatureEffectsLogPage.NAMESPACE : FeatureEffectsLogPage.CONTROLLER;
        words.put(fid, FeatureEffectsLogPage.SUPPORTED | scope);
      }
    }
    return FeatureEffectsLogPage.of(words);
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
      case FeatureId.RESERVATION_MASK -> reservations.mask(slot);
      case FeatureId.RESERVATION_PERSISTENCE -> reservations.persistence(slot);
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
    int fid = Status.isSuccess(slot.status) ? Features.fid(slot.sqe, 0) : 0;
    boolean on = (Sqe.cdw11(slot.sqe, 0) & 1) != 0;
    switch (fid) {
      case FeatureId.VOLATILE_WRITE_CACHE -> cache.set(slot, on);
      case FeatureId.RESERVATION_PERSISTENCE -> reservations.persist(slot, on);
      default -> slot.queuePair.finish(slot);
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
        case FeatureId.RESERVATION_MASK -> reservations.mask(slot, value);
        case FeatureId.RESERVATION_PERSISTENCE -> reservations.check(slot, value);
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
