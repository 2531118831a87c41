package io.mora.protocol.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.command.Sqe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every hot layout: its fields lie one behind the other, none over another, and fill it. */
class HotLayoutTest {
  /** Class, first offset, end; then offset constant (or a number, without a name) and width. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pdu.CommonHeader | 0 | 8 | TYPE 1, FLAGS 1, HLEN 1, PDO 1, PLEN 4
          pdu.IcReqPdu | 8 | 128 | PFV 2, HPDA 1, DGST 1, MAXR2T 4, RESERVED 112
          pdu.IcRespPdu | 8 | 128 | PFV 2, CPDA 1, DGST 1, MAXH2CDATA 4, RESERVED 112
          pdu.TermReqPdu | 8 | 152 | FES 2, FEI 4, RESERVED 10, COPY 128
          pdu.CapsuleCmdPdu | 8 | 72 | SQE 64
          pdu.CapsuleRespPdu | 8 | 24 | CQE 16
          pdu.H2cDataPdu | 8 | 24 | CCCID 2, TTAG 2, DATAO 4, DATAL 4, RESERVED 4
          pdu.C2hDataPdu | 8 | 24 | CCCID 2, TTAG 2, DATAO 4, DATAL 4, RESERVED 4
          pdu.R2tPdu | 8 | 24 | CCCID 2, TTAG 2, R2TO 4, R2TL 4, RESERVED 4
          command.Sqe | 0 | 24 | OPC 1, FLAGS 1, CID 2, NSID 4, CDW2 4, CDW3 4, MPTR 8
          command.Sqe | 24 | 64 | SGL1 16, CDW10 4, CDW11 4, CDW12 4, CDW13 4, CDW14 4, CDW15 4
          command.Cqe | 0 | 16 | DW0 4, DW1 4, SQHD 2, SQID 2, CID 2, STATUS 2
          command.SglDescriptor | 0 | 16 | ADDRESS 8, SGL_LENGTH 4, 12 3, IDENTIFIER 1
          command.Connect | 40 | 64 | RECFMT 2, QID 2, SQSIZE 2, CATTR 1, 47 1, KATO 4, 52 12
          command.PropertyAccess | 40 | 64 | ATTRIB 1, 41 3, OFST 4, VALUE 8, 56 8
          command.ReadWrite | 40 | 64 | SLBA 8, CDW12 4, CDW13 4, 56 8
          command.DatasetManagement | 0 | 16 | 0 4, RANGE_NLB 4, RANGE_SLBA 8
          """)
  void fieldsFillTheLayout(String layout, int from, int end, String fields)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName("io.mora.protocol." + layout);
    int next = from;
    for (String field : fields.split(", ", -1)) {
      String[] nameAndWidth = field.split(" ", -1);
      String name = nameAndWidth[0];
      int offset =
          Character.isDigit(name.charAt(0))
              ? Integer.parseInt(name)
              : type.getField(name).getInt(null);
      assertThat(offset).as(field).isEqualTo(next);
      next += Integer.parseInt(nameAndWidth[1]);
    }
    assertThat(next).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({
    "pdu.CommonHeader, 8",
    "pdu.IcReqPdu, 128",
    "pdu.IcRespPdu, 128",
    "pdu.CapsuleCmdPdu, 72",
    "pdu.CapsuleRespPdu, 24",
    "pdu.H2cDataPdu, 24",
    "pdu.C2hDataPdu, 24",
    "pdu.R2tPdu, 24",
    "command.Sqe, 64",
    "command.Cqe, 16",
    "command.SglDescriptor, 16"
  })
  void lengths(String layout, int length) throws ReflectiveOperationException {
    Class<?> type = Class.forName("io.mora.protocol." + layout);
    assertThat(type.getField("LENGTH").getInt(null)).isEqualTo(length);
    assertThat(CapsuleCmdPdu.SQE + Sqe.LENGTH).isEqualTo(CapsuleCmdPdu.LENGTH);
  }
}
