package io.mora.target.controller.queue;

import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.FatalErrorStatus;
import io.mora.protocol.pdu.H2cDataPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Data on its way from the host: in the capsule, or asked for by R2T. */
final class HostData {
  /** Smallest buffer for in-capsule data; below this all sizes cost the same. */
  private static final int BUFFER_MIN = 4096;

  private final QueuePair queuePair;
  private final SlotTable slots;
  private final int r2tMaxBytes;

  /** The command whose data the connection delivers now; null while data is swallowed. */
  private @Nullable CommandSlot receiving;

  private boolean swallowing;

  /** R2Ts whose data is not complete. */
  private int unanswered;

  private long receivedBytes;

  HostData(QueuePair queuePair, SlotTable slots) {
    this.queuePair = queuePair;
    this.slots = slots;
    this.r2tMaxBytes = queuePair.owner().limits().r2tMaxBytes();
  }

  boolean hasRoom() {
    CommandSlot slot = receiving;
    return slot == null || slot.buffer != null;
  }

  boolean isReceiving(CommandSlot slot) {
    return slot == receiving;
  }

  void expectInCapsule(CommandSlot slot, int length) {
    receiving = slot;
    queuePair.buffers().obtainForCapsule(slot, Math.max(length, BUFFER_MIN));
  }

  /** Lets the in-capsule data of a command nobody wants pass by. */
  void swallow(int length) {
    swallowing = length > 0;
  }

  /** Asks the host for the next part of the slot's data. */
  void request(CommandSlot slot) {
    int length = Math.min(slot.dataLength - slot.received, r2tMaxBytes);
    slot.r2tEnd = slot.received + length;
    unanswered++;
    queuePair.sink().requestData(slot, slot.received, length);
  }

  void onH2cData(ByteBuf pdu, int at, int dataLength) throws PduException {
    CommandSlot slot = slots.byTag(H2cDataPdu.ttag(pdu, at));
    if (slot == null || slot.state() != SlotState.WAIT_DATA) {
      throw PduException.sequence("H2CData with TTAG " + H2cDataPdu.ttag(pdu, at) + " unknown");
    }
    if (H2cDataPdu.cccid(pdu, at) != slot.cid) {
      throw PduException.sequence(
          "H2CData CCCID " + H2cDataPdu.cccid(pdu, at) + " not of its TTAG");
    }
    long offset = H2cDataPdu.dataOffset(pdu, at);
    if (offset + dataLength > slot.r2tEnd) {
      String text = "DATAO " + offset + " + " + dataLength + " beyond " + slot.r2tEnd;
      throw new PduException(FatalErrorStatus.DATA_OUT_OF_RANGE, 0, text);
    }
    if (offset != slot.received) {
      throw PduException.sequence("DATAO " + offset + ", expected " + slot.received);
    }
    boolean last = (CommonHeader.flags(pdu, at) & CommonHeader.LAST_PDU) != 0;
    if (last != (offset + dataLength == slot.r2tEnd)) {
      throw PduException.sequence("LAST_PDU " + last + " at " + (offset + dataLength));
    }
    receiving = slot;
    receivedBytes += dataLength;
  }

  void onData(ByteBuf buf, int at, int length) {
    if (swallowing) {
      return;
    }
    CommandSlot slot = receiving;
    if (slot == null || slot.buffer == null) {
      throw new IllegalStateException("data without a buffer");
    }
    slot.buffer.buf.setBytes(slot.received, buf, at, length);
    slot.received += length;
  }

  void onDataEnd(boolean digestValid) {
    if (swallowing) {
      swallowing = false;
      return;
    }
    CommandSlot slot = receiving;
    if (slot == null) {
      throw new IllegalStateException("end of data nobody expected");
    }
    receiving = null;
    slot.transferError |= !digestValid;
    if (slot.state() != SlotState.WAIT_DATA) {
      queuePair.begin(slot);
    } else if (slot.received == slot.r2tEnd) {
      partComplete(slot);
    }
  }

  boolean isOwed() {
    return unanswered > 0;
  }

  /** Data received of what was asked for. */
  long receivedBytes() {
    return receivedBytes;
  }

  private void partComplete(CommandSlot slot) {
    unanswered--;
    if (slot.transferError) {
      slot.fail(Status.TRANSIENT_TRANSPORT_ERROR, -1);
      queuePair.finish(slot);
    } else if (slot.received < slot.dataLength) {
      request(slot);
    } else {
      queuePair.commands().execute(slot);
    }
  }
}
