package io.mora.protocol.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.command.Connect;
import io.mora.protocol.command.Cqe;
import io.mora.protocol.command.DatasetManagement;
import io.mora.protocol.command.PropertyAccess;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every hot layout: its fields lie one behind the other, none over another, and fill LENGTH. */
class HotLayoutTest {
  private static final int COMMON = CommonHeader.LENGTH;

  private static Arguments layout(String name, int from, int length, int... offsetsAndWidths) {
    return Arguments.of(name, from, length, offsetsAndWidths);
  }

  static Stream<Arguments> layouts() {
    return Stream.of(
        layout(
            "CommonHeader",
            0,
            8,
            CommonHeader.TYPE,
            1,
            CommonHeader.FLAGS,
            1,
            CommonHeader.HLEN,
            1,
            CommonHeader.PDO,
            1,
            CommonHeader.PLEN,
            4),
        layout(
            "ICReq",
            COMMON,
            IcReqPdu.LENGTH,
            IcReqPdu.PFV,
            2,
            IcReqPdu.HPDA,
            1,
            IcReqPdu.DGST,
            1,
            IcReqPdu.MAXR2T,
            4,
            IcReqPdu.RESERVED,
            112),
        layout(
            "ICResp",
            COMMON,
            IcRespPdu.LENGTH,
            IcRespPdu.PFV,
            2,
            IcRespPdu.CPDA,
            1,
            IcRespPdu.DGST,
            1,
            IcRespPdu.MAXH2CDATA,
            4,
            IcRespPdu.RESERVED,
            112),
        layout(
            "TermReq",
            COMMON,
            TermReqPdu.LENGTH_MAX,
            TermReqPdu.FES,
            2,
            TermReqPdu.FEI,
            4,
            TermReqPdu.RESERVED,
            10,
            TermReqPdu.COPY,
            TermReqPdu.COPY_MAX),
        layout("CapsuleCmd", COMMON, CapsuleCmdPdu.LENGTH, CapsuleCmdPdu.SQE, Sqe.LENGTH),
        layout("CapsuleResp", COMMON, CapsuleRespPdu.LENGTH, CapsuleRespPdu.CQE, Cqe.LENGTH),
        layout(
            "H2CData",
            COMMON,
            H2cDataPdu.LENGTH,
            H2cDataPdu.CCCID,
            2,
            H2cDataPdu.TTAG,
            2,
            H2cDataPdu.DATAO,
            4,
            H2cDataPdu.DATAL,
            4,
            H2cDataPdu.RESERVED,
            4),
        layout(
            "C2HData",
            COMMON,
            C2hDataPdu.LENGTH,
            C2hDataPdu.CCCID,
            2,
            C2hDataPdu.TTAG,
            2,
            C2hDataPdu.DATAO,
            4,
            C2hDataPdu.DATAL,
            4,
            C2hDataPdu.RESERVED,
            4),
        layout(
            "R2T",
            COMMON,
            R2tPdu.LENGTH,
            R2tPdu.CCCID,
            2,
            R2tPdu.TTAG,
            2,
            R2tPdu.R2TO,
            4,
            R2tPdu.R2TL,
            4,
            R2tPdu.RESERVED,
            4),
        layout(
            "SQE",
            0,
            Sqe.LENGTH,
            Sqe.OPC,
            1,
            Sqe.FLAGS,
            1,
            Sqe.CID,
            2,
            Sqe.NSID,
            4,
            Sqe.CDW2,
            4,
            Sqe.CDW3,
            4,
            Sqe.MPTR,
            8,
            Sqe.SGL1,
            SglDescriptor.LENGTH,
            Sqe.CDW10,
            4,
            Sqe.CDW11,
            4,
            Sqe.CDW12,
            4,
            Sqe.CDW13,
            4,
            Sqe.CDW14,
            4,
            Sqe.CDW15,
            4),
        layout(
            "CQE",
            0,
            Cqe.LENGTH,
            Cqe.DW0,
            4,
            Cqe.DW1,
            4,
            Cqe.SQHD,
            2,
            Cqe.SQID,
            2,
            Cqe.CID,
            2,
            Cqe.STATUS,
            2),
        layout(
            "SGL",
            0,
            SglDescriptor.LENGTH,
            SglDescriptor.ADDRESS,
            8,
            SglDescriptor.SGL_LENGTH,
            4,
            12,
            3,
            SglDescriptor.IDENTIFIER,
            1),
        layout(
            "Connect from CDW10",
            40,
            Sqe.LENGTH,
            Connect.RECFMT,
            2,
            Connect.QID,
            2,
            Connect.SQSIZE,
            2,
            Connect.CATTR,
            1,
            47,
            1,
            Connect.KATO,
            4,
            52,
            12),
        layout(
            "Property from CDW10",
            40,
            Sqe.LENGTH,
            PropertyAccess.ATTRIB,
            1,
            41,
            3,
            PropertyAccess.OFST,
            4,
            PropertyAccess.VALUE,
            8,
            56,
            8),
        layout(
            "Read and Write from CDW10",
            40,
            Sqe.LENGTH,
            ReadWrite.SLBA,
            8,
            ReadWrite.CDW12,
            4,
            ReadWrite.CDW13,
            4,
            56,
            8),
        layout(
            "DSM range",
            0,
            DatasetManagement.RANGE_LENGTH,
            0,
            4,
            DatasetManagement.RANGE_NLB,
            4,
            DatasetManagement.RANGE_SLBA,
            8));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void fieldsFillTheLayout(String name, int from, int length, int[] offsetsAndWidths) {
    int next = from;
    for (int i = 0; i < offsetsAndWidths.length; i += 2) {
      assertThat(offsetsAndWidths[i]).as("%s, field %s", name, i / 2).isEqualTo(next);
      next += offsetsAndWidths[i + 1];
    }
    assertThat(next).isEqualTo(length);
  }
}
