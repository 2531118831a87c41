package io.mora.target.controller;

import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Connect;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSink;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.log.HostLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.slf4j.event.Level;

/**
 * The first command of a connection: it must be Connect. Checks what can be checked without a
 * controller, then asks {@link Associations}.
 */
public final class ConnectSequence implements CommandSink {
  private static final HostLog OTHER =
      HostLog.of(ConnectSequence.class, Level.WARN, "Connects refused for other names");

  private final HostConnection connection;
  private final Associations associations;
  private final ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH, Sqe.LENGTH);
  private final ByteBuf data = Unpooled.buffer(Connect.DATA_LENGTH, Connect.DATA_LENGTH);
  private int dataLength;
  private int received;
  private boolean pending;
  private volatile boolean closed;

  public ConnectSequence(HostConnection connection, Associations associations) {
    this.connection = connection;
    this.associations = associations;
  }

  HostConnection connection() {
    return connection;
  }

  /** The host hung up while its Connect was on the way; any thread. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public boolean wantsMore() {
    return !pending;
  }

  @Override
  public boolean wantsData() {
    return true;
  }

  @Override
  public void onCapsuleCmd(ByteBuf buf, int sqeAt, int length) {
    buf.getBytes(sqeAt, sqe, 0, Sqe.LENGTH);
    dataLength = length;
    received = 0;
    if (length == 0) {
      capsuleComplete(true);
    }
  }

  @Override
  public void onH2cData(ByteBuf pdu, int at, int length) throws PduException {
    throw PduException.sequence("H2CData before Connect");
  }

  @Override
  public void onData(ByteBuf buf, int at, int length) {
    int room = Math.min(length, Connect.DATA_LENGTH - received);
    if (room > 0) {
      data.setBytes(received, buf, at, room);
    }
    received += length;
  }

  @Override
  public void onDataEnd(boolean digestValid) {
    capsuleComplete(digestValid);
  }

  @Override
  public void onClosed() {
    closed = true;
  }

  private void capsuleComplete(boolean digestValid) {
    int cid = Sqe.cid(sqe, 0);
    if (!digestValid) {
      refuse(cid, Status.TRANSIENT_TRANSPORT_ERROR, 0);
    } else if (Sqe.opcode(sqe, 0) != AdminOpcode.FABRICS
        || Sqe.fctype(sqe, 0) != FabricsType.CONNECT) {
      refuse(cid, Status.COMMAND_SEQUENCE_ERROR | Status.DNR, 0);
    } else {
      checkSqe(cid);
    }
  }

  private void checkSqe(int cid) {
    if (Sqe.flags(sqe, 0) != Sqe.PSDT_SGL) {
      refuse(cid, Status.INVALID_FIELD | Status.DNR, 0);
    } else if (Connect.recfmt(sqe, 0) != 0) {
      refuse(cid, Status.CONNECT_INCOMPATIBLE_FORMAT | Status.DNR, 0);
    } else if (SglDescriptor.identifier(sqe, 0) != SglDescriptor.IN_CAPSULE) {
      refuse(cid, Status.SGL_TYPE_INVALID | Status.DNR, 0);
    } else if (SglDescriptor.address(sqe, 0) != 0) {
      refuse(cid, Status.SGL_OFFSET_INVALID | Status.DNR, 0);
    } else if (dataLength != Connect.DATA_LENGTH
        || SglDescriptor.length(sqe, 0) != Connect.DATA_LENGTH) {
      refuse(cid, Status.DATA_SGL_LENGTH_INVALID | Status.DNR, 0);
    } else {
      checkDepth(cid);
    }
  }

  private void checkDepth(int cid) {
    int sqsize0 = Connect.sqsize0(sqe, 0);
    if (sqsize0 == 0 || sqsize0 >= associations.limits().queueDepthMax()) {
      invalid(cid, Connect.SQSIZE, false);
    } else {
      checkData(cid, sqsize0 + 1);
    }
  }

  private void checkData(int cid, int depth) {
    Nqn subNqn = Nqn.decode(data, Verdict.SUBNQN);
    Nqn hostNqn = Nqn.decode(data, Verdict.HOSTNQN);
    HostId hostId = HostId.decode(data, Verdict.HOSTID);
    PskIdentity proved = connection.tlsIdentity();
    if (hostId.isZero() || hostId.equals(HostId.UNKNOWN)) {
      invalid(cid, Verdict.HOSTID, true);
    } else if (subNqn == null) {
      invalid(cid, Verdict.SUBNQN, true);
    } else if (hostNqn == null) {
      invalid(cid, Verdict.HOSTNQN, true);
    } else if (proved != null && !proved.host().equals(hostNqn)) {
      // The key was another host's: what it says now is not what it has proved.
      otherThanProved(hostNqn, proved);
      invalid(cid, Verdict.HOSTNQN, true);
    } else if (proved != null && !proved.subsystem().equals(subNqn)) {
      otherThanProved(subNqn, proved);
      invalid(cid, Verdict.SUBNQN, true);
    } else {
      int cntlid = data.getUnsignedShortLE(Verdict.CNTLID);
      var identity =
          new ConnectRequest.Identity(
              subNqn,
              hostNqn,
              hostId,
              cntlid,
              connection.remoteAddress(),
              connection.tlsIdentity() != null);
      boolean noFlow = (Connect.cattr(sqe, 0) & Connect.CATTR_DISABLE_SQ_FLOW) != 0;
      int qid = Connect.qid(sqe, 0);
      pending = true;
      associations.connect(
          this,
          new ConnectRequest(
              cid, new QueuePair.Shape(qid, depth, noFlow), Connect.katoMs(sqe, 0), identity));
    }
  }

  private void otherThanProved(Nqn said, PskIdentity proved) {
    OTHER.line(
        "Connect from {} names {}, but its TLS key is that of {} for {}: refused",
        connection.remoteAddress(),
        said,
        proved.host(),
        proved.subsystem());
  }

  private void invalid(int cid, int offset, boolean inData) {
    Verdict verdict = Verdict.invalid(offset, inData);
    refuse(cid, verdict.status(), verdict.result());
  }

  /** Refuses the Connect; on the connection's shard. The host may try again. */
  void refuse(int cid, int status, long result) {
    pending = false;
    if (closed) {
      return;
    }
    connection.sink().respondTo(cid, 0, status, result);
    connection.sink().resumeReading();
  }
}
