package io.mora.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mora.protocol.command.DatasetManagement;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduFramer;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.pdu.PduSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A stream of bytes to the framer and the fields of the commands in it. The first byte has the
 * digests (bits 1:0) and, above them, where the stream is parted. What comes of it does not depend
 * on where; what is wrong ends it by a {@link PduException} and nothing else.
 */
class FramerFuzzTest {
  private static final PduLimits LIMITS = new PduLimits(8 << 10, 64 << 10, 4);

  @FuzzTest(maxDuration = "3m")
  void controller(byte[] input) {
    fuzz(input, true);
  }

  @FuzzTest(maxDuration = "2m")
  void host(byte[] input) {
    fuzz(input, false);
  }

  private static void fuzz(byte[] input, boolean toController) {
    if (input.length < 2) {
      return;
    }
    String whole = said(input, toController, input.length);
    int piece = 1 + ((input[0] & 0xFF) >>> 2);
    assertThat(said(input, toController, piece)).as("in pieces of %s", piece).isEqualTo(whole);
  }

  /** All that a framer makes of it. */
  private static String said(byte[] input, boolean toController, int piece) {
    Notes notes = new Notes();
    PduFramer framer =
        toController ? PduFramer.forController(LIMITS, notes) : PduFramer.forHost(LIMITS, notes);
    notes.framer = framer;
    notes.dgst = input[0] & 3;
    try {
      for (int at = 1; at < input.length; at += piece) {
        int length = Math.min(piece, input.length - at);
        framer.accept(Unpooled.wrappedBuffer(input, at, length));
      }
    } catch (PduException e) {
      notes.text.append("fatal ").append(e.getMessage());
    }
    return notes.text.toString();
  }

  /** Writes down what it is told; data as its length and sum. */
  private static final class Notes implements PduSink {
    private final StringBuilder text = new StringBuilder();
    private PduFramer framer = PduFramer.forController(LIMITS, this);
    private int dgst;
    private long dataBytes;
    private long sum;

    private void note(String what, long value) {
      text.append(what).append(' ').append(value).append('\n');
    }

    @Override
    public void onIcReq(ByteBuf pdu, int at) {
      note("ICReq", IcReqPdu.dgst(pdu, at));
      framer.digests((dgst & 1) != 0, (dgst & 2) != 0);
    }

    @Override
    public void onIcResp(ByteBuf pdu, int at) {
      note("ICResp", 0);
      framer.digests((dgst & 1) != 0, (dgst & 2) != 0);
    }

    @Override
    public void onTermReq(ByteBuf pdu, int at, int copyLength) {
      note("TermReq", copyLength);
    }

    @Override
    public void onCapsuleCmd(ByteBuf pdu, int at, int dataLength) {
      note("CapsuleCmd", dataLength);
      int sqe = at + CapsuleCmdPdu.SQE;
      note("opcode", Sqe.opcode(pdu, sqe));
      note("CID", Sqe.cid(pdu, sqe));
      note("SGL", SglDescriptor.length(pdu, sqe));
      note("SLBA", ReadWrite.slba(pdu, sqe));
      note("NR", DatasetManagement.nr0(pdu, sqe));
      note("intent", IntentCodec.version(Sqe.cdw3(pdu, sqe)));
    }

    @Override
    public void onCapsuleResp(ByteBuf pdu, int at) {
      note("CapsuleResp", pdu.getLongLE(at + 8));
    }

    @Override
    public void onH2cData(ByteBuf pdu, int at, int dataLength) {
      note("H2CData", dataLength);
    }

    @Override
    public void onC2hData(ByteBuf pdu, int at, int dataLength) {
      note("C2HData", dataLength);
    }

    @Override
    public void onR2t(ByteBuf pdu, int at) {
      note("R2T", pdu.getLongLE(at + 8));
    }

    @Override
    public void onData(ByteBuf buf, int at, int length) {
      dataBytes += length;
      for (int i = 0; i < length; i++) {
        sum = 31 * sum + buf.getByte(at + i);
      }
    }

    @Override
    public void onDataEnd(boolean digestValid) {
      note("data", dataBytes);
      note(digestValid ? "sum" : "bad sum", sum);
    }
  }
}
