package io.mora.protocol.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.GoldenPdu;
import io.mora.protocol.pdu.C2hDataPdu;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.CapsuleRespPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.Digest;
import io.mora.protocol.pdu.H2cDataPdu;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.IcRespPdu;
import io.mora.protocol.pdu.PduType;
import io.mora.protocol.pdu.R2tPdu;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linux wrote, read by our layouts, and written again by them byte for byte. */
class GoldenCommandTest {
  private final Digest digest = new Digest();

  private void assertSame(ByteBuf ours, ByteBuf golden, int length) {
    assertThat(ByteBufUtil.hexDump(ours, 0, length))
        .isEqualTo(ByteBufUtil.hexDump(golden, 0, length));
  }

  private static ByteBuf blank() {
    return Unpooled.buffer(256).writeZero(256);
  }

  /** Writes the common header as it was read, and the digest behind the header if there was one. */
  private void frame(ByteBuf golden, ByteBuf ours) {
    int typeAndFlags = CommonHeader.type(golden, 0) | CommonHeader.flags(golden, 0) << 8;
    int hlen = CommonHeader.hlen(golden, 0);
    CommonHeader.write(
        ours,
        0,
        typeAndFlags,
        hlen,
        CommonHeader.pdo(golden, 0),
        (int) CommonHeader.plen(golden, 0));
    if ((CommonHeader.flags(golden, 0) & CommonHeader.HDGSTF) != 0) {
      digest.append(ours, 0, hlen);
    }
    assertSame(ours, golden, hlen + ((typeAndFlags & 0x100) != 0 ? Digest.LENGTH : 0));
    assertThat(CommonHeader.plen(golden, 0)).isEqualTo(golden.readableBytes());
    assertThat(hlen).isEqualTo(PduType.headerLength(CommonHeader.type(golden, 0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.12-", "linux-7.2-"})
  void initialisation(String kernel) {
    for (String suffix : new String[] {"", "-dgst"}) {
      ByteBuf request = GoldenPdu.load(kernel + "host-icreq" + suffix);
      assertThat(IcReqPdu.pfv(request, 0)).isZero();
      assertThat(IcReqPdu.dgst(request, 0)).isEqualTo(suffix.isEmpty() ? 0 : 3);
      ByteBuf ours = blank();
      IcReqPdu.write(
          ours,
          0,
          IcReqPdu.hpda(request, 0),
          IcReqPdu.dgst(request, 0),
          (int) IcReqPdu.maxR2t0(request, 0));
      assertSame(ours, request, IcReqPdu.LENGTH);
    }
    ByteBuf reply = GoldenPdu.load("linux-6.12-nvmet-icresp-dgst");
    ByteBuf ours = blank();
    IcRespPdu.write(
        ours,
        0,
        IcRespPdu.cpda(reply, 0),
        IcRespPdu.dgst(reply, 0),
        (int) IcRespPdu.maxH2cData(reply, 0));
    assertSame(ours, reply, IcRespPdu.LENGTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-nosqflow", "-dgst", "-nosqflow-dgst"})
  void connect(String suffix) {
    for (String queue : new String[] {"admin", "io"}) {
      ByteBuf golden = GoldenPdu.load("linux-6.12-host-connect-" + queue + suffix);
      int sqe = CapsuleCmdPdu.SQE;
      assertThat(Sqe.fctype(golden, sqe)).isEqualTo(FabricsType.CONNECT);
      assertThat(Connect.recfmt(golden, sqe)).isZero();
      assertThat(Connect.qid(golden, sqe)).isEqualTo(queue.equals("admin") ? 0 : 1);
      assertThat((Connect.cattr(golden, sqe) & Connect.CATTR_DISABLE_SQ_FLOW) != 0)
          .isEqualTo(suffix.startsWith("-nosqflow"));
      ByteBuf ours = blank();
      Connect.write(
          ours,
          sqe,
          Connect.qid(golden, sqe),
          Connect.sqsize0(golden, sqe),
          Connect.cattr(golden, sqe),
          (int) Connect.katoMs(golden, sqe));
      Sqe.setCid(ours, sqe, Sqe.cid(golden, sqe));
      frame(golden, ours);
    }
  }

  @ParameterizedTest
  @CsvSource({"cap, 0", "vs, 8", "cc, 14", "csts, 1C", "20, 20"})
  void propertyGet(String name, String offset) {
    for (String suffix : new String[] {"", "-dgst"}) {
      ByteBuf golden = GoldenPdu.load("linux-6.12-host-propget-" + name + suffix);
      int sqe = CapsuleCmdPdu.SQE;
      assertThat(PropertyAccess.offset(golden, sqe)).isEqualTo(Integer.parseInt(offset, 16));
      ByteBuf ours = blank();
      PropertyAccess.writeGet(
          ours,
          sqe,
          Sqe.cid(golden, sqe),
          PropertyAccess.size(golden, sqe),
          PropertyAccess.offset(golden, sqe));
      if (golden.getByte(sqe + 39) != 0) {
        SglDescriptor.write(ours, sqe, 0, SglDescriptor.identifier(golden, sqe));
      }
      frame(golden, ours);
    }
  }

  /** Linux writes CC once without and once with EN; the first was captured. */
  @ParameterizedTest
  @CsvSource({"enable, 0, 0", "shutdown, 1, 1"})
  void propertySet(String name, int enable, int shn) {
    ByteBuf golden = GoldenPdu.load("linux-6.12-host-propset-cc-" + name);
    int sqe = CapsuleCmdPdu.SQE;
    int cc = (int) PropertyAccess.value(golden, sqe);
    assertThat(cc & PropertyAccess.CC_EN).isEqualTo(enable);
    assertThat(PropertyAccess.shn(cc)).isEqualTo(shn);
    assertThat(cc & PropertyAccess.CC_ENTRY_SIZES).isEqualTo(PropertyAccess.CC_ENTRY_SIZES);
    ByteBuf ours = blank();
    PropertyAccess.writeSet(
        ours, sqe, Sqe.cid(golden, sqe), PropertyAccess.offset(golden, sqe), cc);
    if (golden.getByte(sqe + 39) != 0) {
      SglDescriptor.write(ours, sqe, 0, SglDescriptor.identifier(golden, sqe));
    }
    frame(golden, ours);
  }

  @ParameterizedTest
  @CsvSource({
    "read-cmd, 2, 16, 1, 512, 5A",
    "write-incapsule-cmd, 1, 16, 1, 512, 01",
    "write-r2t-cmd, 1, 32, 4, 2048, 5A",
    "compare-cmd, 5, 16, 1, 512, 01"
  })
  void readsAndWrites(String name, int opcode, long slba, int blocks, int bytes, String sgl) {
    for (String suffix : new String[] {"", "-dgst"}) {
      ByteBuf golden = GoldenPdu.load("linux-6.12-host-" + name + suffix);
      int sqe = CapsuleCmdPdu.SQE;
      assertThat(Sqe.opcode(golden, sqe)).isEqualTo(opcode);
      assertThat(Sqe.flags(golden, sqe)).isEqualTo(Sqe.PSDT_SGL);
      assertThat(Sqe.nsid(golden, sqe)).isEqualTo(1);
      assertThat(ReadWrite.slba(golden, sqe)).isEqualTo(slba);
      assertThat(ReadWrite.nlb0(golden, sqe) + 1).isEqualTo(blocks);
      assertThat(SglDescriptor.length(golden, sqe)).isEqualTo(bytes);
      assertThat(SglDescriptor.identifier(golden, sqe)).isEqualTo(Integer.parseInt(sgl, 16));
      ByteBuf ours = blank();
      Sqe.start(ours, sqe, opcode, Sqe.cid(golden, sqe), 1);
      SglDescriptor.write(ours, sqe, bytes, Integer.parseInt(sgl, 16));
      ReadWrite.write(ours, sqe, slba, blocks, ReadWrite.cdw12(golden, sqe));
      frame(golden, ours);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect-resp",
        "connect-resp-nosqflow",
        "connect-io-resp",
        "propget-cap-resp",
        "propget-csts-resp",
        "keepalive-resp",
        "read-resp",
        "write-r2t-resp",
        "set-features-07-resp",
        "error-0-01-resp",
        "error-0-02-resp",
        "error-0-06-resp"
      })
  void completions(String name) {
    ByteBuf golden = GoldenPdu.load("linux-6.12-nvmet-" + name);
    int cqe = CapsuleRespPdu.CQE;
    ByteBuf ours = blank();
    CapsuleRespPdu.writeHeader(ours, 0, false);
    Cqe.write(
        ours,
        cqe,
        golden.getLongLE(cqe),
        Cqe.sqhd(golden, cqe),
        Cqe.cid(golden, cqe),
        Cqe.status(golden, cqe));
    // SQID is optional over fabrics: we write 0.
    ours.setShortLE(cqe + Cqe.SQID, golden.getShortLE(cqe + Cqe.SQID));
    frame(golden, ours);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-dgst"})
  void dataAndR2t(String suffix) {
    ByteBuf data = GoldenPdu.load("linux-6.12-nvmet-c2hdata-read" + suffix);
    ByteBuf ours = blank();
    C2hDataPdu.writeFields(
        ours,
        0,
        C2hDataPdu.cccid(data, 0),
        0,
        (int) C2hDataPdu.dataOffset(data, 0),
        (int) C2hDataPdu.dataLength(data, 0));
    frame(data, ours);
    int pdo = CommonHeader.dataOffset(C2hDataPdu.LENGTH, !suffix.isEmpty(), 4);
    assertThat(CommonHeader.pdo(data, 0)).isEqualTo(pdo);
    if (!suffix.isEmpty()) {
      assertThat(data.getIntLE(data.writerIndex() - 4)).isEqualTo(digest.of(data, pdo, 512));
    }

    ByteBuf r2t = GoldenPdu.load("linux-6.12-nvmet-r2t" + suffix);
    ours = blank();
    R2tPdu.writeFields(
        ours,
        0,
        R2tPdu.cccid(r2t, 0),
        R2tPdu.ttag(r2t, 0),
        (int) R2tPdu.r2tOffset(r2t, 0),
        (int) R2tPdu.r2tLength(r2t, 0));
    frame(r2t, ours);

    ByteBuf h2c = GoldenPdu.load("linux-6.12-host-h2cdata" + suffix);
    assertThat(H2cDataPdu.ttag(h2c, 0)).isEqualTo(R2tPdu.ttag(r2t, 0));
    assertThat(H2cDataPdu.dataLength(h2c, 0)).isEqualTo(R2tPdu.r2tLength(r2t, 0));
    ours = blank();
    H2cDataPdu.writeFields(
        ours,
        0,
        H2cDataPdu.cccid(h2c, 0),
        H2cDataPdu.ttag(h2c, 0),
        (int) H2cDataPdu.dataOffset(h2c, 0),
        (int) H2cDataPdu.dataLength(h2c, 0));
    frame(h2c, ours);
  }
}
