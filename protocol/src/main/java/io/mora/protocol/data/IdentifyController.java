package io.mora.protocol.data;

import static io.mora.protocol.data.StructureField.Span.bytesAt;
import static io.mora.protocol.data.StructureField.Span.nulTextAt;
import static io.mora.protocol.data.StructureField.Span.numberAt;
import static io.mora.protocol.data.StructureField.Span.textAt;

import io.mora.protocol.Nqn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Identify Controller, CNS 01h.
 *
 * <p>Field names are the specification's; the accessors below cover what a host acts on.
 */
public final class IdentifyController extends Structure<IdentifyController.Field> {
  public static final int LENGTH = 4096;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    VID(numberAt(0, 2)),
    SSVID(numberAt(2, 2)),
    SN(textAt(4, 20)),
    MN(textAt(24, 40)),
    FR(textAt(64, 8)),
    RAB(numberAt(72, 1)),
    IEEE(numberAt(73, 3)),
    CMIC(numberAt(76, 1)),
    MDTS(numberAt(77, 1)),
    CNTLID(numberAt(78, 2)),
    VER(numberAt(80, 4)),
    RTD3R(numberAt(84, 4)),
    RTD3E(numberAt(88, 4)),
    OAES(numberAt(92, 4)),
    CTRATT(numberAt(96, 4)),
    RRLS(numberAt(100, 2)),
    BPCAP(numberAt(102, 1)),
    NSSL(numberAt(104, 4)),
    PLSI(numberAt(110, 1)),
    CNTRLTYPE(numberAt(111, 1)),
    FGUID(bytesAt(112, 16)),
    CRDT1(numberAt(128, 2)),
    CRDT2(numberAt(130, 2)),
    CRDT3(numberAt(132, 2)),
    CRCAP(numberAt(134, 1)),
    NVMSR(numberAt(253, 1)),
    VWCI(numberAt(254, 1)),
    MEC(numberAt(255, 1)),
    OACS(numberAt(256, 2)),
    ACL(numberAt(258, 1)),
    AERL(numberAt(259, 1)),
    FRMW(numberAt(260, 1)),
    LPA(numberAt(261, 1)),
    ELPE(numberAt(262, 1)),
    NPSS(numberAt(263, 1)),
    AVSCC(numberAt(264, 1)),
    APSTA(numberAt(265, 1)),
    WCTEMP(numberAt(266, 2)),
    CCTEMP(numberAt(268, 2)),
    MTFA(numberAt(270, 2)),
    HMPRE(numberAt(272, 4)),
    HMMIN(numberAt(276, 4)),
    TNVMCAP(numberAt(280, 16)),
    UNVMCAP(numberAt(296, 16)),
    RPMBS(numberAt(312, 4)),
    EDSTT(numberAt(316, 2)),
    DSTO(numberAt(318, 1)),
    FWUG(numberAt(319, 1)),
    KAS(numberAt(320, 2)),
    HCTMA(numberAt(322, 2)),
    MNTMT(numberAt(324, 2)),
    MXTMT(numberAt(326, 2)),
    SANICAP(numberAt(328, 4)),
    HMMINDS(numberAt(332, 4)),
    HMMAXD(numberAt(336, 2)),
    NSETIDMAX(numberAt(338, 2)),
    ENDGIDMAX(numberAt(340, 2)),
    ANATT(numberAt(342, 1)),
    ANACAP(numberAt(343, 1)),
    ANAGRPMAX(numberAt(344, 4)),
    NANAGRPID(numberAt(348, 4)),
    PELS(numberAt(352, 4)),
    DOMAINID(numberAt(356, 2)),
    KPIOC(numberAt(358, 1)),
    MPTFAWR(numberAt(360, 2)),
    MEGCAP(numberAt(368, 16)),
    TMPTHHA(numberAt(384, 1)),
    CQT(numberAt(386, 2)),
    SQES(numberAt(512, 1)),
    CQES(numberAt(513, 1)),
    MAXCMD(numberAt(514, 2)),
    NN(numberAt(516, 4)),
    ONCS(numberAt(520, 2)),
    FUSES(numberAt(522, 2)),
    FNA(numberAt(524, 1)),
    VWC(numberAt(525, 1)),
    AWUN(numberAt(526, 2)),
    AWUPF(numberAt(528, 2)),
    ICSVSCC(numberAt(530, 1)),
    NWPC(numberAt(531, 1)),
    ACWU(numberAt(532, 2)),
    OCFS(numberAt(534, 2)),
    SGLS(numberAt(536, 4)),
    MNAN(numberAt(540, 4)),
    MAXDNA(numberAt(544, 16)),
    MAXCNA(numberAt(560, 4)),
    OAQD(numberAt(564, 4)),
    SUBNQN(nulTextAt(768, 256)),
    IOCCSZ(numberAt(1792, 4)),
    IORCSZ(numberAt(1796, 4)),
    ICDOFF(numberAt(1800, 2)),
    FCATT(numberAt(1802, 1)),
    MSDBD(numberAt(1803, 1)),
    OFCS(numberAt(1804, 2)),
    DCTYPE(numberAt(1806, 1)),
    PSD(bytesAt(2048, 1024)),
    VS(bytesAt(3072, 1024));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private IdentifyController(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static IdentifyController decode(ByteBuf buf, int at) {
    return new IdentifyController(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, IdentifyController> builder() {
    return new Builder<>(LENGTH, IdentifyController::new);
  }

  /** CNTRLTYPE values. */
  public static final int TYPE_IO = 1;

  public static final int TYPE_DISCOVERY = 2;
  public static final int TYPE_ADMINISTRATIVE = 3;

  /** MDTS, DMRL and their like count in units of CAP.MPSMIN, which is 4 KiB over fabrics. */
  private static final int PAGE_SHIFT = 12;

  /** CTRATT bit: any completed command restarts the keep-alive timer. */
  private static final int CTRATT_TBKAS = 6;

  public int controllerId() {
    return intValue(Field.CNTLID);
  }

  public String serialNumber() {
    return text(Field.SN);
  }

  public String modelNumber() {
    return text(Field.MN);
  }

  public String firmwareRevision() {
    return text(Field.FR);
  }

  /** SUBNQN, or null when it holds no NQN, which a host refuses. */
  public @Nullable Nqn subsystemNqn() {
    ByteBuf field = Unpooled.wrappedBuffer(bytes(Field.SUBNQN).toArray());
    return Nqn.decode(field, 0);
  }

  public boolean isDiscoveryController() {
    return value(Field.CNTRLTYPE) == TYPE_DISCOVERY;
  }

  /** Most bytes one command may move; {@link Long#MAX_VALUE} when MDTS sets no limit. */
  public long maxDataTransferBytes() {
    int mdts = intValue(Field.MDTS);
    return mdts == 0 || mdts >= 63 - PAGE_SHIFT ? Long.MAX_VALUE : 1L << mdts + PAGE_SHIFT;
  }

  /** Most bytes of data inside an I/O capsule; 0 if IOCCSZ leaves no room. */
  public long inCapsuleDataBytes() {
    return Math.max(0, value(Field.IOCCSZ) * 16 - 64);
  }

  /** Granularity of the keep-alive timeout in ms. */
  public long keepAliveGranularityMs() {
    return value(Field.KAS) * 100;
  }

  public boolean trafficBasedKeepAlive() {
    return bit(Field.CTRATT, CTRATT_TBKAS);
  }

  /** A volatile write cache is present: Flush and FUA mean something. */
  public boolean volatileWriteCache() {
    return bit(Field.VWC, 0);
  }

  /** Bits of the optional NVM commands: 0 Compare, 2 DSM, 3 Write Zeroes, 5 reservations... */
  public int optionalCommands() {
    return intValue(Field.ONCS);
  }

  /** Highest NSID in use, unsigned. */
  public int namespaceCount() {
    return intValue(Field.NN);
  }
}
