package io.mora.target.controller.admin;

import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.command.LogPageId;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.NamespaceList;
import io.mora.protocol.data.log.EffectsLogPage;
import io.mora.protocol.data.log.ErrorLogEntry;
import io.mora.protocol.data.log.FeatureEffectsLogPage;
import io.mora.protocol.data.log.FirmwareLogPage;
import io.mora.protocol.data.log.ReservationNotification;
import io.mora.protocol.data.log.SmartLogPage;
import io.mora.protocol.data.log.SupportedLogPages;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.FlowLogPage;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.manage.NamespaceCommands;
import io.mora.target.controller.notice.ErrorLog;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Get Log Page. */
final class LogPages {
  private static final int TCP = 3;

  private static final List<Integer> IO_PAGES =
      List.of(
          LogPageId.SUPPORTED_LOG_PAGES,
          LogPageId.ERROR_INFORMATION,
          LogPageId.SMART_HEALTH,
          LogPageId.FIRMWARE_SLOT,
          LogPageId.CHANGED_NAMESPACES,
          LogPageId.COMMANDS_SUPPORTED,
          LogPageId.ANA,
          LogPageId.FEATURE_EFFECTS,
          LogPageId.RESERVATION_NOTIFICATION);

  /** With the extension. */
  private static final List<Integer> INTENT_PAGES =
      Stream.concat(IO_PAGES.stream(), Stream.of(ClassLogPage.LID, FlowLogPage.LID)).toList();

  private static final List<Integer> DISCOVERY_PAGES =
      List.of(LogPageId.SUPPORTED_LOG_PAGES, LogPageId.DISCOVERY);

  private final Controller controller;
  private final AsyncEvents events;
  private final DiscoveryPage discovery;
  private final IntentPages intent;
  private final AnaPages ana;
  private final SmartPage smart;
  private final Supplier<FeatureEffectsLogPage> featureEffects;

  LogPages(
      Controller controller,
      AsyncEvents events,
      DiscoveryPage discovery,
      IntentPages intent,
      AnaPages ana,
      Supplier<FeatureEffectsLogPage> featureEffects) {
    this.ana = ana;
    this.controller = controller;
    this.events = events;
    this.discovery = discovery;
    this.intent = intent;
    this.smart = new SmartPage(controller);
    this.featureEffects = featureEffects;
  }

  void fill(CommandSlot slot, IoBuffer into) {
    int lid = GetLogPage.lid(slot.sqe, 0);
    ByteBuf page = page(slot, lid);
    if (page == null) {
      slot.fail(Status.INVALID_LOG_PAGE | Status.DNR, Sqe.CDW10);
      return;
    }
    if (!Status.isSuccess(slot.status)) {
      return;
    }
    if (lid == LogPageId.SMART_HEALTH && slot.nsid() != 0 && slot.nsid() != Sqe.NSID_ALL) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, Sqe.NSID);
      return;
    }
    long offset = GetLogPage.offset(slot.sqe, 0);
    int length = page.readableBytes();
    // Discovery readers run past the end of a log that shrank: zeroes. Elsewhere it is an error.
    if (offset < 0 || offset > length && lid != LogPageId.DISCOVERY) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, GetLogPage.LPO);
      return;
    }
    if (offset < length) {
      int from = (int) offset;
      into.buf.setBytes(0, page, from, Math.min(slot.dataLength, length - from));
    }
    if (lid == LogPageId.RESERVATION_NOTIFICATION && offset == 0 && slot.dataLength >= length) {
      controller.notices().reservations().read();
    }
    if (!GetLogPage.rae(slot.sqe, 0)) {
      if (lid == LogPageId.CHANGED_NAMESPACES && offset == 0 && slot.dataLength >= length) {
        controller.notices().namespaces().clear();
      }
      events.acknowledge(lid);
    }
  }

  private List<Integer> pages() {
    if (controller.subsystem().isDiscovery()) {
      return DISCOVERY_PAGES;
    }
    return controller.intent().isOffered() ? INTENT_PAGES : IO_PAGES;
  }

  private @Nullable ByteBuf page(CommandSlot slot, int lid) {
    if (!pages().contains(lid)) {
      return null;
    }
    return switch (lid) {
      case LogPageId.SUPPORTED_LOG_PAGES ->
          encoded(SupportedLogPages.LENGTH, buf -> supported(pages()).encode(buf, 0));
      case LogPageId.ERROR_INFORMATION -> errors();
      case LogPageId.SMART_HEALTH ->
          encoded(SmartLogPage.LENGTH, buf -> smart.page().encode(buf, 0));
      case LogPageId.FIRMWARE_SLOT ->
          encoded(
              FirmwareLogPage.LENGTH,
              buf ->
                  FirmwareLogPage.singleSlot(controller.subsystem().identity().firmware())
                      .encode(buf, 0));
      case LogPageId.CHANGED_NAMESPACES ->
          encoded(
              NamespaceList.LENGTH, buf -> controller.notices().namespaces().page().encode(buf, 0));
      case LogPageId.COMMANDS_SUPPORTED ->
          encoded(EffectsLogPage.LENGTH, buf -> effects().encode(buf, 0));
      case LogPageId.ANA -> ana.page(slot);
      case LogPageId.FEATURE_EFFECTS ->
          encoded(FeatureEffectsLogPage.LENGTH, buf -> featureEffects.get().encode(buf, 0));
      case LogPageId.RESERVATION_NOTIFICATION ->
          encoded(
              ReservationNotification.LENGTH,
              buf -> controller.notices().reservations().oldest().encode(buf, 0));
      case ClassLogPage.LID -> intent.classes(slot);
      case FlowLogPage.LID -> intent.flows();
      default -> discovery.page();
    };
  }

  private interface Encoder {
    void encode(ByteBuf buf);
  }

  private static ByteBuf encoded(int length, Encoder encoder) {
    ByteBuf buf = Unpooled.buffer(length, length).setZero(0, length);
    encoder.encode(buf);
    return buf.writerIndex(length);
  }

  private static SupportedLogPages supported(List<Integer> lids) {
    Map<Integer, Integer> words = new TreeMap<>();
    lids.forEach(lid -> words.put(lid, SupportedLogPages.SUPPORTED));
    return SupportedLogPages.of(words);
  }

  private ByteBuf errors() {
    return encoded(
        ErrorLog.ENTRIES_MAX * ErrorLogEntry.LENGTH,
        buf -> {
          int at = 0;
          for (ErrorLog.Entry entry : controller.notices().errors().newestFirst()) {
            errorEntry(entry).encode(buf, at);
            at += ErrorLogEntry.LENGTH;
          }
        });
  }

  private static ErrorLogEntry errorEntry(ErrorLog.Entry entry) {
    int location = entry.location() < 0 ? ErrorLogEntry.NO_LOCATION : entry.location();
    return ErrorLogEntry.builder()
        .set(ErrorLogEntry.Field.ECNT, entry.number())
        .set(ErrorLogEntry.Field.SQID, entry.sqid())
        .set(ErrorLogEntry.Field.CID, entry.cid())
        .set(ErrorLogEntry.Field.STATUS, entry.status() << 1)
        .set(ErrorLogEntry.Field.PEL, location)
        .set(ErrorLogEntry.Field.LBA, entry.block().lba())
        .set(ErrorLogEntry.Field.NSID, Integer.toUnsignedLong(entry.block().nsid()))
        .set(ErrorLogEntry.Field.TRTYPE, TCP)
        .set(ErrorLogEntry.Field.OPC, entry.opcode())
        .set(ErrorLogEntry.Field.LPVER, 1)
        .build();
  }

  private EffectsLogPage effects() {
    int supported = EffectsLogPage.CSUPP;
    int changes = supported | EffectsLogPage.LBCC;
    Map<Integer, Integer> admin = new TreeMap<>();
    for (int opcode :
        new int[] {
          AdminOpcode.GET_LOG_PAGE,
          AdminOpcode.IDENTIFY,
          AdminOpcode.ABORT,
          AdminOpcode.SET_FEATURES,
          AdminOpcode.GET_FEATURES,
          AdminOpcode.ASYNC_EVENT_REQUEST,
          AdminOpcode.KEEP_ALIVE
        }) {
      admin.put(opcode, supported);
    }
    admin.put(AdminOpcode.FORMAT_NVM, changes | EffectsLogPage.NCC);
    if (NamespaceCommands.mayManage(controller)) {
      admin.put(AdminOpcode.NAMESPACE_MANAGEMENT, supported | EffectsLogPage.NIC);
      admin.put(AdminOpcode.NAMESPACE_ATTACHMENT, supported | EffectsLogPage.NIC);
    }
    Map<Integer, Integer> io = new TreeMap<>();
    io.put(NvmOpcode.FLUSH, supported);
    io.put(NvmOpcode.READ, supported);
    io.put(NvmOpcode.COMPARE, supported);
    io.put(NvmOpcode.RESERVATION_REGISTER, supported);
    io.put(NvmOpcode.RESERVATION_REPORT, supported);
    io.put(NvmOpcode.RESERVATION_ACQUIRE, supported);
    io.put(NvmOpcode.RESERVATION_RELEASE, supported);
    io.put(NvmOpcode.VERIFY, supported);
    io.put(NvmOpcode.COPY, changes);
    io.put(NvmOpcode.WRITE, changes);
    io.put(NvmOpcode.WRITE_ZEROES, changes);
    io.put(NvmOpcode.DATASET_MANAGEMENT, changes);
    if (controller.intent().isOffered()) {
      io.put(IntentFeature.LI_WRITE, changes);
      io.put(IntentFeature.LI_READ, supported);
      io.put(IntentFeature.LI_COMPARE, supported);
      io.put(IntentFeature.HASTEN, supported);
    }
    return EffectsLogPage.of(admin, io);
  }
}
