package io.mora.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.GoldenPdu;
import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.data.IdentifyNamespace.LbaFormat;
import io.mora.protocol.data.log.AnaLogPage;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.mora.protocol.data.log.EffectsLogPage;
import io.mora.protocol.data.log.ErrorLogPage;
import io.mora.protocol.data.log.SmartLogPage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linux hosts and targets really sent, read by our layouts and written again. */
class GoldenDataTest {
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2014-08.org.mora:golden");
  private static final HostId HOST = HostId.parse("4d6f7261-0000-4000-8000-000000000001");
  private static final String NVMET = "linux-6.12-nvmet-c2hdata-";

  @ParameterizedTest
  @CsvSource({
    "linux-6.12-host-connect-admin, 65535",
    "linux-6.12-host-connect-admin-dgst, 65535",
    "linux-6.12-host-connect-io, 1",
    "linux-7.2-host-connect-admin, 65535",
    "linux-7.2-host-connect-io, 1"
  })
  void connectData(String name, int controllerId) {
    ByteBuf data = GoldenPdu.data(name);
    ConnectData expected = new ConnectData(HOST, controllerId, SUBSYSTEM, HOST.hostNqn());
    assertThat(ConnectData.decode(data, 0)).isEqualTo(expected);
    assertSame(data, expected::encode);
  }

  @Test
  void connectDataOfADiscovery() {
    assertThat(ConnectData.decode(GoldenPdu.data("linux-6.12-host-connect-discovery"), 0))
        .isEqualTo(new ConnectData(HOST, 0xFFFF, Nqn.DISCOVERY, HOST.hostNqn()));
  }

  @ParameterizedTest
  @CsvSource({"6.12, 6.12.107, 0x010300, 0x0C", "7.2, 7.2.12+d, 0x020100, 0x2C"})
  void identifyController(String kernel, String firmware, int version, int commands) {
    ByteBuf data = GoldenPdu.data("linux-" + kernel + "-nvmet-c2hdata-identify-ctrl");
    IdentifyController id = IdentifyController.decode(data, 0);
    assertThat(id.serialNumber()).isEqualTo("MORAKERNEL");
    assertThat(id.modelNumber()).isEqualTo("Linux");
    assertThat(id.firmwareRevision()).isEqualTo(firmware);
    assertThat(id.controllerId()).isEqualTo(1);
    assertThat(id.subsystemNqn()).isEqualTo(SUBSYSTEM);
    assertThat(id.isDiscoveryController()).isFalse();
    assertThat(id.maxDataTransferBytes()).as("MDTS 0").isEqualTo(Long.MAX_VALUE);
    assertThat(id.inCapsuleDataBytes()).isEqualTo(1024);
    assertThat(id.keepAliveGranularityMs()).isEqualTo(1000);
    assertThat(id.trafficBasedKeepAlive()).isTrue();
    assertThat(id.volatileWriteCache()).isTrue();
    assertThat(id.optionalCommands()).isEqualTo(commands);
    assertThat(id.namespaceCount()).isEqualTo(1024);
    assertThat(id.value(Field.VER)).isEqualTo(version);
    assertThat(id.value(Field.RAB)).isEqualTo(6);
    assertThat(id.value(Field.CMIC)).isEqualTo(0x0B);
    assertThat(id.value(Field.OAES)).isEqualTo(0x900);
    assertThat(id.value(Field.CTRATT)).isEqualTo(0x41);
    assertThat(id.value(Field.CNTRLTYPE)).isEqualTo(IdentifyController.TYPE_IO);
    assertThat(id.value(Field.ELPE)).isEqualTo(127);
    assertThat(id.value(Field.ANATT)).isEqualTo(10);
    assertThat(id.value(Field.ANACAP)).isEqualTo(0x1F);
    assertThat(id.value(Field.ANAGRPMAX)).isEqualTo(128);
    assertThat(id.value(Field.SQES)).isEqualTo(0x66);
    assertThat(id.value(Field.CQES)).isEqualTo(0x44);
    assertThat(id.value(Field.MAXCMD)).isEqualTo(1024);
    assertThat(id.value(Field.SGLS)).isEqualTo(0x100001);
    assertThat(id.value(Field.IORCSZ)).isEqualTo(1);
    assertThat(id.value(Field.MSDBD)).isEqualTo(1);
    assertSame(data, id::encode);
    assertSame(data, rebuilt(id)::encode);
  }

  /** Every field set anew gives the same bytes: nothing Linux sends lies where we know no field. */
  private static IdentifyController rebuilt(IdentifyController id) {
    var builder = IdentifyController.builder();
    for (Field field : Field.values()) {
      switch (field.kind()) {
        case TEXT, NUL_TEXT -> builder.set(field, id.text(field));
        default -> builder.set(field, id.bytes(field));
      }
    }
    return builder.build();
  }

  @Test
  void identifyDiscoveryController() {
    IdentifyController id =
        IdentifyController.decode(GoldenPdu.data(NVMET + "identify-discovery-ctrl"), 0);
    assertThat(id.isDiscoveryController()).isTrue();
    assertThat(id.subsystemNqn()).isEqualTo(Nqn.DISCOVERY);
    assertThat(id.value(Field.OAES)).isEqualTo(0x80000000L);
    assertThat(id.inCapsuleDataBytes()).isZero();
    assertThat(rebuilt(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"6.12, 0x12, 0", "7.2, 0x32, 1"})
  void identifyNamespace(String kernel, int features, int enduranceGroup) {
    ByteBuf data = GoldenPdu.data("linux-" + kernel + "-nvmet-c2hdata-identify-ns");
    IdentifyNamespace id = IdentifyNamespace.decode(data, 0);
    assertThat(id.sizeBlocks()).isEqualTo(16384);
    assertThat(id.isActive()).isTrue();
    assertThat(id.isWriteProtected()).isFalse();
    assertThat(id.currentFormat()).isEqualTo(new LbaFormat(0, 9, 0));
    IdentifyNamespace expected =
        IdentifyNamespace.builder()
            .set(IdentifyNamespace.Field.NSZE, 16384)
            .set(IdentifyNamespace.Field.NCAP, 16384)
            .set(IdentifyNamespace.Field.NUSE, 16384)
            .set(IdentifyNamespace.Field.NSFEAT, features)
            .set(IdentifyNamespace.Field.NMIC, 1)
            .set(IdentifyNamespace.Field.ANAGRPID, 1)
            .set(IdentifyNamespace.Field.ENDGID, enduranceGroup)
            .set(
                IdentifyNamespace.Field.LBAF,
                IdentifyNamespace.lbaFormats(List.of(new LbaFormat(0, 9, 0))))
            .build();
    assertThat(id).isEqualTo(expected);
  }

  @Test
  void namespaceLists() {
    ByteBuf active = GoldenPdu.data(NVMET + "identify-ns-list");
    assertThat(NamespaceList.decode(active, 0).nsids()).containsExactly(1);
    assertSame(active, new NamespaceList(List.of(1))::encode);
    ByteBuf changed = GoldenPdu.data(NVMET + "get-log-04");
    assertThat(NamespaceList.decode(changed, 0).nsids()).containsExactly(2);
  }

  @Test
  void namespaceIdentifiers() {
    ByteBuf data = GoldenPdu.data(NVMET + "identify-ns-desc");
    NamespaceIdentifiers expected =
        new NamespaceIdentifiers(null, null, HOST.uuid(), NamespaceIdentifiers.NVM);
    assertThat(NamespaceIdentifiers.decode(data, 0)).isEqualTo(expected);
    assertSame(data, expected::encode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identify-cns-06", "get-log-03"})
  void structuresThatLinuxLeavesZero(String name) {
    ByteBuf data = GoldenPdu.data(NVMET + name);
    assertThat(Bytes.copyOf(data, 0, data.writerIndex()).isZero()).isTrue();
    if (name.startsWith("identify")) {
      assertThat(IdentifyControllerNvm.decode(data, 0))
          .isEqualTo(IdentifyControllerNvm.builder().build());
    }
  }

  @Test
  void smartAndErrorLog() {
    SmartLogPage smart = SmartLogPage.decode(GoldenPdu.data(NVMET + "get-log-02"), 0);
    assertThat(smart)
        .isEqualTo(
            SmartLogPage.builder()
                .set(SmartLogPage.Field.DUR, 1)
                .set(SmartLogPage.Field.HRC, 2)
                .build());
    ByteBuf errors = GoldenPdu.data(NVMET + "get-log-01");
    assertThat(ErrorLogPage.decode(errors, 0, errors.writerIndex()).entries()).isEmpty();
  }

  @Test
  void effectsLog() {
    EffectsLogPage effects = EffectsLogPage.decode(GoldenPdu.data(NVMET + "get-log-05"), 0);
    assertThat(List.of(0x02, 0x06, 0x08, 0x09, 0x0A, 0x0C, 0x18))
        .allMatch(opcode -> effects.admin(opcode) == EffectsLogPage.CSUPP);
    assertThat(List.of(0x00, 0x02, 0x09))
        .allMatch(opcode -> effects.io(opcode) == EffectsLogPage.CSUPP);
    assertThat(List.of(0x01, 0x08))
        .allMatch(opcode -> effects.io(opcode) == (EffectsLogPage.CSUPP | EffectsLogPage.LBCC));
    assertThat(effects.io(0x05)).isZero();
  }

  @Test
  void anaLog() {
    ByteBuf data = GoldenPdu.data(NVMET + "get-log-0c");
    AnaLogPage page = AnaLogPage.decode(data, 0);
    assertThat(page)
        .isEqualTo(
            new AnaLogPage(
                0, List.of(new AnaLogPage.Group(1, 0, AnaLogPage.OPTIMIZED, List.of(1)))));
    assertThat(page.lengthBytes()).isEqualTo(16 + 32 + 4);
  }

  @Test
  void discoveryEntries() {
    ByteBuf data = GoldenPdu.data(NVMET + "get-log-70");
    DiscoveryLogEntry itself = DiscoveryLogEntry.decode(data, 0);
    DiscoveryLogEntry subsystem = DiscoveryLogEntry.decode(data, DiscoveryLogEntry.LENGTH);
    assertThat(itself.subtype()).isEqualTo(DiscoveryLogEntry.CURRENT_DISCOVERY);
    assertThat(itself.subsystemNqn()).isEqualTo(Nqn.DISCOVERY);
    assertThat(subsystem.subtype()).isEqualTo(DiscoveryLogEntry.NVM_SUBSYSTEM);
    assertThat(subsystem.subsystemNqn()).isEqualTo(SUBSYSTEM);
    assertThat(subsystem.isTcp()).isTrue();
    assertThat(subsystem.requiresTls()).isFalse();
    assertThat(subsystem.address()).isEqualTo(new TransportAddress("127.0.0.1", 4420));
    // nvmet leaves blanks after the port number; we pad with NUL, as hosts accept both.
    assertThat(subsystem.text(DiscoveryLogEntry.Field.TRSVCID)).isEqualTo("4420");

    DiscoveryLogPage page = new DiscoveryLogPage(7, 0, List.of(itself, subsystem));
    ByteBuf whole = Unpooled.buffer(page.lengthBytes()).writeZero(page.lengthBytes());
    page.encode(whole, 0);
    assertThat(Bytes.copyOf(whole, 1024, 2048)).isEqualTo(Bytes.copyOf(data, 0, 2048));
    assertThat(DiscoveryLogPage.recordCount(whole, 0)).isEqualTo(2);
  }

  private interface Encoder {
    void encode(ByteBuf buf, int at);
  }

  private static void assertSame(ByteBuf data, Encoder encoder) {
    int length = data.writerIndex();
    ByteBuf again = Unpooled.buffer(length).writeZero(length);
    encoder.encode(again, 0);
    assertThat(Bytes.copyOf(again, 0, length)).isEqualTo(Bytes.copyOf(data, 0, length));
  }
}
