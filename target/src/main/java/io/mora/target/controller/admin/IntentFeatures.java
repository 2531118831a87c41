package io.mora.target.controller.admin;

import io.mora.protocol.command.Features;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.Registration;
import io.mora.protocol.intent.SloTable;
import io.mora.protocol.status.Status;
import io.mora.target.cache.HotRegion;
import io.mora.target.controller.Controller;
import io.mora.target.controller.IntentState;
import io.mora.target.controller.RegistrationTable;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.HostGrant;
import io.mora.target.subsystem.Namespace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Features E0h to E5h, and D0h. The home shard only. */
final class IntentFeatures {
  private static final int CDW12 = 48;
  private static final int CDW13 = 52;
  private static final long RATE_LIMIT_NS = IntentFeature.RATE_LIMIT_MS * 1_000_000L;

  /** Registrations that may come at once: all slots, so that a host that reconnects can. */
  private static final int REGISTRATION_BURST = RegistrationTable.SLOTS;

  private final Controller controller;
  private final SloWatch slos;
  private final HostReports reports = new HostReports();
  private long feedbackNs;
  private long registrationNs;
  private int registrationTokens = REGISTRATION_BURST;

  IntentFeatures(Controller controller, SloWatch slos) {
    this.controller = controller;
    this.slos = slos;
    this.feedbackNs = controller.home().nowNs() - RATE_LIMIT_NS;
    this.registrationNs = controller.home().nowNs();
  }

  HostReports reports() {
    return reports;
  }

  /** The extension is offered and has this feature. */
  boolean supported(int fid) {
    return controller.intent().isOffered()
        && (fid == IntentFeature.CONSUMER && controller.intent().control() != 0
            || fid >= IntentFeature.CONTROL && fid < IntentFeature.CONTROL + IntentFeature.COUNT);
  }

  /** Bytes of data that go with a feature, 0 for none. */
  int dataLength(CommandSlot slot, int fid, boolean set) {
    if (!controller.intent().isOffered()) {
      return 0;
    }
    boolean remove = (Sqe.cdw11(slot.sqe, 0) & IntentFeature.REGISTRATION_REMOVE) != 0;
    return switch (fid) {
      case IntentFeature.SLO -> set ? 0 : SloTable.LENGTH;
      case IntentFeature.FEEDBACK -> set ? HostFeedback.LENGTH : 0;
      case IntentFeature.GRANTS -> set ? 0 : GrantPage.LENGTH;
      case IntentFeature.REGISTRATION -> set && remove ? 0 : Registration.LENGTH;
      default -> 0;
    };
  }

  /** Controller reset: all that the host set is forgotten. */
  void reset() {
    slos.reset();
    reports.clear();
  }

  // --- Get

  /** Value of a feature without data; fails the slot if there is none. */
  int get(CommandSlot slot, int fid) {
    IntentState state = controller.intent();
    return switch (fid) {
      case IntentFeature.CONTROL -> state.get();
      case IntentFeature.DEFAULTS -> {
        int cdw11 = Sqe.cdw11(slot.sqe, 0);
        if (IntentFeature.scope(cdw11) > IntentFeature.SCOPE_NAMESPACE) {
          refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
        }
        yield state.getDefault(cdw11, slot.nsid());
      }
      case IntentFeature.CONSUMER -> state.consumerCpu(consumerQueue(slot));
      default -> {
        // E3h is only set.
        refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
        yield 0;
      }
    };
  }

  /** Data of a feature, into a zeroed buffer. */
  void getData(CommandSlot slot, IoBuffer into) {
    switch (Features.fid(slot.sqe, 0)) {
      case IntentFeature.SLO -> slos.table().encode(into.buf, 0);
      case IntentFeature.GRANTS -> grants().encode(into.buf, 0);
      default -> {
        int number = Sqe.cdw11(slot.sqe, 0) & RegistrationTable.SLOTS;
        RegistrationTable table = controller.intent().registrations();
        RegistrationTable.Region region = table.get(number);
        if (region != null) {
          region.data().encode(into.buf, 0);
        }
        slot.result = table.generation();
      }
    }
  }

  private GrantPage grants() {
    HostGrant grant = controller.intent().grant();
    ByteBuffer floors =
        ByteBuffer.allocate(LatencyClass.COUNT * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      floors.putInt(grant.floorUs(i));
    }
    return GrantPage.builder()
        .set(GrantPage.Field.MAX_CLASS, grant.spec().highestClass().code())
        .set(GrantPage.Field.FLAGS, grant.flags())
        .set(GrantPage.Field.SLOTS, grant.spec().slots())
        .set(GrantPage.Field.MIN_BUDGET_US, Bytes.of(floors.array()))
        .set(GrantPage.Field.IOPS, grant.spec().rate().iops())
        .set(GrantPage.Field.MIB_PER_SECOND, grant.spec().rate().mibPerSecond())
        .set(GrantPage.Field.BURST, grant.spec().rate().burst())
        .set(GrantPage.Field.IDENTITY, controller.intent().identity())
        .set(GrantPage.Field.GENERATION, grant.generation())
        .build();
  }

  // --- Set

  void set(CommandSlot slot, int fid) {
    int value = Sqe.cdw11(slot.sqe, 0);
    IntentState state = controller.intent();
    switch (fid) {
      case IntentFeature.CONTROL -> {
        if (state.set(value)) {
          slot.result = Integer.toUnsignedLong(state.get());
        } else {
          refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
        }
      }
      case IntentFeature.DEFAULTS -> setDefault(slot, value);
      case IntentFeature.SLO -> setSlo(slot, value);
      case IntentFeature.GRANTS -> refuse(slot, Status.FEATURE_NOT_CHANGEABLE, Sqe.CDW10);
      case IntentFeature.FEEDBACK -> feedback(slot);
      case IntentFeature.CONSUMER -> {
        int qid = consumerQueue(slot);
        if (slot.status == Status.SUCCESS) {
          state.consumerCpu(qid, IntentFeature.consumerCpu(value));
        }
      }
      default -> register(slot, value);
    }
  }

  /** QID of D0h; fails the slot if it is of no I/O queue. */
  private int consumerQueue(CommandSlot slot) {
    int qid = IntentFeature.queue(Sqe.cdw11(slot.sqe, 0));
    if (qid == 0 || qid > controller.ioGranted()) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    }
    return qid;
  }

  private void setDefault(CommandSlot slot, int value) {
    if (IntentFeature.scope(value) == IntentFeature.SCOPE_NAMESPACE && namespace(slot) == null) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
      return;
    }
    long budgetUs = Integer.toUnsignedLong(slot.sqe.getIntLE(CDW12));
    int queues = controller.ioGranted();
    if (!controller.intent().setDefault(value, budgetUs, slot.nsid(), queues)) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    }
  }

  private void setSlo(CommandSlot slot, int value) {
    int latencyClass = value & 7;
    if (latencyClass == 0 || (value & ~(IntentFeature.SLO_EVENTS | 7)) != 0) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
      return;
    }
    int limits = slot.sqe.getIntLE(CDW13);
    slos.set(
        latencyClass,
        new SloTable.Slo(
            (value & IntentFeature.SLO_EVENTS) != 0,
            Integer.toUnsignedLong(slot.sqe.getIntLE(CDW12)),
            limits & 0xFFFF,
            limits >>> 16));
  }

  private void feedback(CommandSlot slot) {
    IoBuffer data = slot.buffer;
    long now = controller.home().nowNs();
    if (data == null) {
      throw new IllegalStateException("no data: " + slot);
    }
    if (now - feedbackNs < RATE_LIMIT_NS) {
      slot.fail(Status.INTENT_RATE_LIMITED, -1);
      return;
    }
    HostFeedback report = HostFeedback.decode(data.buf.writerIndex(HostFeedback.LENGTH), 0);
    if (report.value(HostFeedback.Field.CLASS) >= LatencyClass.COUNT) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, HostFeedback.Field.CLASS.offset());
      return;
    }
    feedbackNs = now;
    reports.add(report);
  }

  // --- registrations

  private void register(CommandSlot slot, int value) {
    int number = value & RegistrationTable.SLOTS;
    boolean remove = (value & IntentFeature.REGISTRATION_REMOVE) != 0;
    RegistrationTable table = controller.intent().registrations();
    if ((value & ~(IntentFeature.REGISTRATION_REMOVE | RegistrationTable.SLOTS)) != 0
        || number == 0
        || number > controller.intent().grant().spec().slots()) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
    } else if (remove) {
      slot.result = table.remove(number);
    } else if (!takeRegistration()) {
      slot.fail(Status.INTENT_RATE_LIMITED, -1);
    } else {
      register(slot, number, table);
    }
  }

  private void register(CommandSlot slot, int number, RegistrationTable table) {
    IoBuffer buffer = slot.buffer;
    Namespace namespace = namespace(slot);
    if (namespace == null || buffer == null) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
      return;
    }
    Registration data = Registration.decode(buffer.buf.writerIndex(Registration.LENGTH), 0);
    long slba = data.value(Registration.Field.SLBA);
    long blocks = data.value(Registration.Field.BLOCKS);
    if (blocks == 0
        || slba < 0
        || slba > namespace.blocks()
        || blocks > namespace.blocks() - slba) {
      refuse(slot, Status.LBA_OUT_OF_RANGE, Registration.Field.SLBA.offset());
    } else if (data.value(Registration.Field.CLASS) >= LatencyClass.COUNT
        || (data.value(Registration.Field.FLAGS) & ~Registration.FLAGS) != 0) {
      refuse(slot, Status.INVALID_FIELD, Registration.Field.CLASS.offset());
    } else {
      slot.result = keep(number, namespace, table, data);
    }
  }

  /** Registers; what the hot tier cannot do is not in the flags that Get tells. */
  private int keep(int number, Namespace namespace, RegistrationTable table, Registration data) {
    long slba = data.value(Registration.Field.SLBA);
    long blocks = data.value(Registration.Field.BLOCKS);
    int asked = (int) data.value(Registration.Field.FLAGS);
    boolean pin = (asked & Registration.PIN) != 0 && namespace.hot().isPresent();
    // The slot is emptied first: what it had pinned may be pinned anew.
    table.remove(number);
    boolean pinned = pin && table.heat(number, region(namespace, slba, blocks, true));
    if (!pinned && namespace.hot().isPresent()) {
      table.heat(number, region(namespace, slba, blocks, false));
    }
    int flags = asked & Registration.READ_ONLY | (pinned ? Registration.PIN : 0);
    Registration kept =
        Registration.builder()
            .set(Registration.Field.SLBA, slba)
            .set(Registration.Field.BLOCKS, blocks)
            .set(Registration.Field.CLASS, data.value(Registration.Field.CLASS))
            .set(Registration.Field.FLAGS, flags)
            .set(Registration.Field.USES_PER_SECOND, data.value(Registration.Field.USES_PER_SECOND))
            .set(Registration.Field.BUDGET_US, data.value(Registration.Field.BUDGET_US))
            .build();
    return table.put(number, new RegistrationTable.Region(namespace.nsid(), slba, blocks, kept));
  }

  private HotRegion region(Namespace namespace, long slba, long blocks, boolean pinned) {
    return new HotRegion(
        namespace.hot(),
        controller.intent().host().hot(),
        slba << namespace.blockShift(),
        blocks << namespace.blockShift(),
        pinned);
  }

  /** All slots at once, then one every {@value IntentFeature#RATE_LIMIT_MS} ms. */
  private boolean takeRegistration() {
    long now = controller.home().nowNs();
    long earned = (now - registrationNs) / RATE_LIMIT_NS;
    registrationTokens = (int) Math.min(REGISTRATION_BURST, registrationTokens + earned);
    registrationNs += earned * RATE_LIMIT_NS;
    if (registrationTokens == 0) {
      return false;
    }
    registrationTokens--;
    return true;
  }

  private @Nullable Namespace namespace(CommandSlot slot) {
    return controller.namespaces().find(slot.nsid());
  }

  private static void refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
  }
}
