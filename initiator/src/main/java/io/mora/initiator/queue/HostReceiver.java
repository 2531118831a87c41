package io.mora.initiator.queue;

import io.mora.protocol.command.Cqe;
import io.mora.protocol.pdu.C2hDataPdu;
import io.mora.protocol.pdu.CapsuleRespPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.FatalErrorStatus;
import io.mora.protocol.pdu.IcRespPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduSink;
import io.mora.protocol.pdu.R2tPdu;
import io.mora.protocol.pdu.TermReqPdu;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a connection's PDUs do to the queue's commands, with every check a host owes.
 *
 * <p>What the controller may not do ends the connection by a {@link PduException}; damaged data
 * ends, or repeats, only its command.
 */
final class HostReceiver implements PduSink {
  /** Least MAXH2CDATA, and its granularity. */
  private static final int H2C_DATA_MIN = 4096;

  private static final int H2C_DATA_GRAIN = 4;

  private final HostConnection connection;
  private final CommandFlow flow;
  private @Nullable PendingCommand reading;
  private boolean endsCommand;

  HostReceiver(HostConnection connection, CommandFlow flow) {
    this.connection = connection;
    this.flow = flow;
  }

  @Override
  public void onIcResp(ByteBuf pdu, int at) throws PduException {
    if (IcRespPdu.pfv(pdu, at) != 0) {
      throw unsupported(IcRespPdu.PFV, "PFV " + IcRespPdu.pfv(pdu, at) + " of ICResp: 0");
    }
    if (IcRespPdu.cpda(pdu, at) != 0) {
      throw unsupported(IcRespPdu.CPDA, "CPDA " + IcRespPdu.cpda(pdu, at) + " of ICResp: 0");
    }
    int granted = IcRespPdu.dgst(pdu, at);
    if (granted != connection.digestsAsked()) {
      throw unsupported(
          IcRespPdu.DGST,
          "DGST " + granted + " of ICResp where " + connection.digestsAsked() + " was asked");
    }
    long max = IcRespPdu.maxH2cData(pdu, at);
    if (max < H2C_DATA_MIN || max % H2C_DATA_GRAIN != 0) {
      throw PduException.field(
          IcRespPdu.MAXH2CDATA, "MAXH2CDATA " + max + ": a multiple of 4, at least 4096");
    }
    connection.initialised((int) Math.min(max, Integer.MAX_VALUE));
  }

  private static PduException unsupported(int offset, String text) {
    return new PduException(FatalErrorStatus.UNSUPPORTED_PARAMETER, offset, text);
  }

  @Override
  public void onTermReq(ByteBuf pdu, int at, int copyLength) {
    connection.terminatedByPeer(TermReqPdu.fes(pdu, at), (int) TermReqPdu.fei(pdu, at));
  }

  @Override
  public void onCapsuleResp(ByteBuf pdu, int at) throws PduException {
    int cqe = at + CapsuleRespPdu.CQE;
    int cid = Cqe.cid(pdu, cqe);
    PendingCommand command = flow.sent(cid);
    if (command == null) {
      throw PduException.field(CapsuleRespPdu.CQE + Cqe.CID, "CID " + cid + " is not in use");
    }
    long result = pdu.getLongLE(cqe + Cqe.DW0);
    command.answer(Cqe.status(pdu, cqe), result, Cqe.sqhd(pdu, cqe));
    flow.answered(command);
  }

  @Override
  public void onC2hData(ByteBuf pdu, int at, int dataLength) throws PduException {
    PendingCommand command = find(C2hDataPdu.cccid(pdu, at), C2hDataPdu.CCCID);
    long offset = C2hDataPdu.dataOffset(pdu, at);
    if (!command.data.toHost() || offset + dataLength > command.data.length()) {
      throw new PduException(
          FatalErrorStatus.DATA_OUT_OF_RANGE,
          0,
          "C2HData " + offset + " + " + dataLength + " of " + command);
    }
    if (offset != command.data.received) {
      throw PduException.field(
          C2hDataPdu.DATAO, "DATAO " + offset + ", expected " + command.data.received);
    }
    int flags = CommonHeader.flags(pdu, at);
    endsCommand = (flags & CommonHeader.SUCCESS) != 0;
    reading = command;
  }

  @Override
  public void onData(ByteBuf buf, int at, int length) {
    PendingCommand command = reading;
    if (command != null) {
      command.data.receive(buf, at, length);
    }
  }

  /** Where the next bytes of the data under way belong. */
  @Nullable ByteBuf place(int lengthBytes) {
    PendingCommand command = reading;
    return command == null ? null : command.data.place(lengthBytes);
  }

  @Override
  public void onDataEnd(boolean digestValid) {
    PendingCommand command = reading;
    reading = null;
    if (command == null) {
      return;
    }
    if (!digestValid) {
      command.data.damaged = true;
    }
    if (endsCommand) {
      command.answer(Status.SUCCESS, 0, 0);
      flow.answered(command);
    }
  }

  @Override
  public void onR2t(ByteBuf pdu, int at) throws PduException {
    PendingCommand command = find(R2tPdu.cccid(pdu, at), R2tPdu.CCCID);
    long offset = R2tPdu.r2tOffset(pdu, at);
    long length = R2tPdu.r2tLength(pdu, at);
    if (!command.data.toController() || command.data.inCapsule || offset != command.data.granted) {
      throw PduException.sequence("R2TO " + offset + ", expected " + command.data.granted);
    }
    if (length == 0) {
      throw PduException.field(R2tPdu.R2TL, "R2TL 0");
    }
    if (offset + length > command.data.length()) {
      throw new PduException(
          FatalErrorStatus.DATA_OUT_OF_RANGE, 0, "R2T " + offset + " + " + length);
    }
    if (command.data.r2tLeft > 0) {
      throw new PduException(
          FatalErrorStatus.LIMIT_EXCEEDED, 0, "a second R2T while one is outstanding");
    }
    command.data.ttag = R2tPdu.ttag(pdu, at);
    command.data.granted += (int) length;
    command.data.r2tLeft = (int) length;
    connection.send(command);
  }

  private PendingCommand find(int cccid, int field) throws PduException {
    PendingCommand command = flow.sent(cccid);
    if (command == null) {
      throw PduException.field(field, "CCCID " + cccid + " is not in use");
    }
    return command;
  }
}
