package io.mora.initiator.fake;

import io.mora.protocol.Nqn;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.FeatureId;
import io.mora.protocol.command.Features;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.LogPageId;
import io.mora.protocol.command.PropertyAccess;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.IdentifyNamespace.LbaFormat;
import io.mora.protocol.data.NamespaceIdentifiers;
import io.mora.protocol.data.NamespaceList;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The admin side of the fake controller. */
public final class FakeAdmin {
  public static final Nqn SUBSYSTEM = new Nqn("nqn.2026-01.io.mora:fake");

  /** 1024 entries, contiguous, ready within 15 s, NVM command set. */
  public static final long CAP = 0x000000201E0103FFL;

  public volatile long capabilities = CAP;
  public volatile int version = 0x00020000;
  public volatile int grantedQueues = 4;
  public volatile boolean discovery;
  public volatile boolean answerKeepAlive = true;
  public volatile UUID namespaceUuid = new UUID(0x1111, 0x2222);
  public volatile List<Integer> namespaces = List.of(1);
  public volatile DiscoveryLogPage log = new DiscoveryLogPage(1, 0, List.of());
  public volatile UnaryOperator<Structure.Builder<Field, IdentifyController>> identify =
      builder -> builder;

  public final AtomicInteger keepAlives = new AtomicInteger();
  public final AtomicInteger asyncEventCid = new AtomicInteger(-1);
  public volatile int cc;

  /** What the last Get Log Page read, and how often the changed namespaces were. */
  public final AtomicInteger changedListReads = new AtomicInteger();

  private @Nullable Wire last;

  FakeAdmin(FakeDisk disk) {
    if (disk.c2hBytes <= 0) {
      throw new IllegalArgumentException("c2hBytes");
    }
  }

  /** Reports an event on the outstanding request. */
  public synchronized void event(int dw0) throws IOException {
    Wire wire = last;
    if (wire == null) {
      throw new IOException("no admin connection");
    }
    wire.respond(asyncEventCid.getAndSet(-1), 0, Integer.toUnsignedLong(dw0));
  }

  synchronized void handle(Wire wire, Command command) throws IOException {
    last = wire;
    int cid = command.cid();
    switch (command.opcode()) {
      case AdminOpcode.FABRICS -> property(wire, command);
      case AdminOpcode.IDENTIFY -> identify(wire, command);
      case AdminOpcode.GET_LOG_PAGE -> log(wire, command);
      case AdminOpcode.SET_FEATURES -> {
        boolean queues = Features.fid(command.sqe(), 0) == FeatureId.NUMBER_OF_QUEUES;
        int granted0 = grantedQueues - 1;
        wire.respond(cid, 0, queues ? granted0 | (long) granted0 << 16 : 0);
      }
      case AdminOpcode.ASYNC_EVENT_REQUEST -> asyncEventCid.set(cid);
      case AdminOpcode.KEEP_ALIVE -> {
        keepAlives.incrementAndGet();
        if (answerKeepAlive) {
          wire.respond(cid, 0, 0);
        }
      }
      default -> wire.respond(cid, Status.INVALID_OPCODE | Status.DNR, 0);
    }
  }

  private void property(Wire wire, Command command) throws IOException {
    ByteBuf sqe = command.sqe();
    if (Sqe.fctype(sqe, 0) == FabricsType.PROPERTY_SET) {
      cc = (int) PropertyAccess.value(sqe, 0);
      wire.respond(command.cid(), 0, 0);
      return;
    }
    int csts =
        (cc & PropertyAccess.CC_EN)
            | (PropertyAccess.shn(cc) != 0 ? PropertyAccess.CSTS_SHST_COMPLETE : 0);
    long value =
        switch (PropertyAccess.offset(sqe, 0)) {
          case PropertyAccess.CAP -> capabilities;
          case PropertyAccess.VS -> version;
          case PropertyAccess.CC -> cc;
          case PropertyAccess.CSTS -> csts;
          default -> 0;
        };
    wire.respond(command.cid(), 0, value);
  }

  private void identify(Wire wire, Command command) throws IOException {
    ByteBuf data = Unpooled.buffer(Identify.DATA_LENGTH).writerIndex(Identify.DATA_LENGTH);
    switch (Identify.cns(command.sqe(), 0)) {
      case Identify.CONTROLLER -> identify.apply(controller()).build().encode(data, 0);
      case Identify.ACTIVE_NAMESPACES -> {
        int after = command.nsid();
        List<Integer> ids = namespaces.stream().filter(id -> id > after).toList();
        new NamespaceList(ids).encode(data, 0);
      }
      case Identify.NAMESPACE ->
          IdentifyNamespace.builder()
              .set(IdentifyNamespace.Field.NSZE, FakeDisk.BLOCKS)
              .set(IdentifyNamespace.Field.NCAP, FakeDisk.BLOCKS)
              .set(
                  IdentifyNamespace.Field.LBAF,
                  IdentifyNamespace.lbaFormats(List.of(new LbaFormat(0, 9, 0))))
              .build()
              .encode(data, 0);
      case Identify.NAMESPACE_DESCRIPTORS ->
          new NamespaceIdentifiers(null, null, namespaceUuid, 0).encode(data, 0);
      default -> {
        wire.respond(command.cid(), Status.INVALID_FIELD | Status.DNR, 0);
        return;
      }
    }
    reply(wire, command, data);
  }

  private Structure.Builder<Field, IdentifyController> controller() {
    return IdentifyController.builder()
        .set(Field.CNTLID, 1)
        .set(Field.SUBNQN, (discovery ? Nqn.DISCOVERY : SUBSYSTEM).value())
        .set(Field.CNTRLTYPE, discovery ? 2 : 1)
        .set(Field.SGLS, 0x300001)
        .set(Field.KAS, 10)
        .set(Field.IOCCSZ, (64 + 4096) / 16)
        .set(Field.IORCSZ, 1)
        .set(Field.MDTS, 5)
        .set(Field.OAES, 1 << 8)
        .set(Field.MAXCMD, 1024)
        .set(Field.NN, 1024);
  }

  private void log(Wire wire, Command command) throws IOException {
    int length = (int) GetLogPage.lengthBytes(command.sqe(), 0);
    int offset = (int) GetLogPage.offset(command.sqe(), 0);
    ByteBuf data = Unpooled.buffer(length).writerIndex(length);
    switch (GetLogPage.lid(command.sqe(), 0)) {
      case LogPageId.DISCOVERY -> {
        ByteBuf all = Unpooled.buffer(log.lengthBytes()).writerIndex(log.lengthBytes());
        log.encode(all, 0);
        data.setBytes(0, all, offset, Math.min(length, log.lengthBytes() - offset));
      }
      case LogPageId.CHANGED_NAMESPACES -> changedListReads.incrementAndGet();
      default -> {
        wire.respond(command.cid(), Status.INVALID_LOG_PAGE | Status.DNR, 0);
        return;
      }
    }
    reply(wire, command, data);
  }

  private static void reply(Wire wire, Command command, ByteBuf data) throws IOException {
    wire.bytes(wire.c2hData(command.cid(), 0, data, CommonHeader.LAST_PDU));
    wire.respond(command.cid(), 0, 0);
  }
}
