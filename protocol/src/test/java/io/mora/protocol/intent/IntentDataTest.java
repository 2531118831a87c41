package io.mora.protocol.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes worked out by hand from the tables of the extension, and bytes nobody meant. */
class IntentDataTest {
  private static final long SEED = 20261121;
  private static final String UUID = "19021daf207e5e4a825084cca66dd32b";

  private static ByteBuf buffer(int length) {
    return Unpooled.buffer(length).writeZero(length);
  }

  private static String hex(ByteBuf buf, int at, int length) {
    return Bytes.copyOf(buf, at, length).toString();
  }

  @Test
  void theFeatureDwordsOfTheReference() {
    // nvme set-feature -f 0xe0 -V 0x494c0011
    assertThat(IntentFeature.control(1, IntentFeature.CARRIER_A)).isEqualTo(0x494C0011);
    int reply = IntentFeature.controlReply(0x11, 6, true, false, 0x0203);
    assertThat(reply).isEqualTo(0x0203_1C11);
    assertThat(IntentFeature.maxClass(reply)).isEqualTo(6);
    assertThat(IntentFeature.stepGranted(reply)).isTrue();
    assertThat(IntentFeature.fineGranted(reply)).isFalse();
    assertThat(IntentFeature.generation(reply)).isEqualTo(0x0203);
    assertThat(IntentFeature.version(reply)).isEqualTo(1);
    assertThat(IntentFeature.flags(reply)).isEqualTo(IntentFeature.CARRIER_A);
    assertThat(IntentFeature.defaults(IntentFeature.SCOPE_QUEUE, 3, 6, true))
        .isEqualTo(0x0003_0E01);
    assertThat(IntentFeature.defaultsReply(IntentFeature.SCOPE_NAMESPACE, 3, false, 20_000))
        .isEqualTo(0x39C4_0302);
    assertThat(IntentFeature.slo(7, true)).isEqualTo(0xF);
    assertThat(IntentFeature.sloLimits(100, 10)).isEqualTo(0x000A_0064);
  }

  @Test
  void anSloBreachIsTheEventOfTheReference() {
    assertThat(IntentEvent.dw0(IntentEvent.SLO_BREACH)).isEqualTo(0x00E0E007);
    assertThat(IntentEvent.isIntent(0x00E0E007)).isTrue();
    assertThat(IntentEvent.info(IntentEvent.dw0(IntentEvent.REGISTRATION_LOST))).isEqualTo(0xE3);
    assertThat(IntentEvent.isIntent(0x000C0302)).isFalse();
  }

  @Test
  void anSloTable() {
    List<SloTable.Slo> slos =
        new ArrayList<>(Collections.nCopies(LatencyClass.COUNT, SloTable.Slo.NONE));
    slos.set(6, new SloTable.Slo(true, 400, 50, 10));
    SloTable table = new SloTable(slos);
    ByteBuf buf = buffer(SloTable.LENGTH);
    table.encode(buf, 0);
    assertThat(hex(buf, 96, 16)).isEqualTo("01000000" + "90010000" + "3200" + "0a00" + "00000000");
    assertThat(Bytes.copyOf(buf, 0, 96).isZero()).isTrue();
    assertThat(SloTable.decode(buf, 0)).isEqualTo(table);
    assertThatThrownBy(() -> SloTable.decode(buffer(127), 0)).hasMessageContaining("needs 128");
  }

  @Test
  void aFeedback() {
    HostFeedback feedback =
        HostFeedback.builder()
            .set(HostFeedback.Field.SEQ, 7)
            .set(HostFeedback.Field.INTERVAL_MS, 1000)
            .set(HostFeedback.Field.CLASS, 6)
            .set(HostFeedback.Field.USEFUL_P99_NS, 65_536)
            .set(HostFeedback.Field.FLOW, 17)
            .build();
    assertThat(feedback.bytes().slice(0, 12)).hasToString("07000000" + "e8030000" + "06000000");
    assertThat(feedback.bytes().slice(20, 4)).hasToString("00000100");
    assertThat(feedback.bytes().slice(44, 4)).hasToString("11000000");
  }

  @Test
  void grants() {
    GrantPage page =
        GrantPage.builder()
            .set(GrantPage.Field.MAX_CLASS, 6)
            .set(GrantPage.Field.FLAGS, GrantPage.STEP | GrantPage.RT)
            .set(GrantPage.Field.MIN_BUDGET_US, Bytes.parseHex("00".repeat(24) + "c8000000"))
            .set(GrantPage.Field.IOPS, 50_000)
            .set(GrantPage.Field.GENERATION, 2)
            .build();
    assertThat(page.bytes().slice(0, 4)).hasToString("06050000");
    assertThat(page.bytes().slice(36, 4)).hasToString("50c30000");
    assertThat(page.minBudgetUs(6)).isEqualTo(200);
    assertThat(page.minBudgetUs(7)).isZero();
    assertThat(page.has(GrantPage.STEP)).isTrue();
    assertThat(page.has(GrantPage.FINE_RT)).isFalse();
  }

  @Test
  void aNamespaceAreaIsRecognisedOnlyIntact() {
    NamespaceIntent area =
        NamespaceIntent.of(
            NamespaceIntent.USABLE, LatencyClass.NORMAL, NamespaceIntent.MEDIA_DEVICE);
    assertThat(area.bytes().slice(0, 20)).hasToString(UUID + "0100" + "04" + "03");
    assertThat(area.isPresent()).isTrue();
    byte[] raw = area.bytes().toArray();
    for (int i = 0; i < raw.length; i++) {
      raw[i] ^= 0x10;
      ByteBuf broken = Unpooled.wrappedBuffer(raw);
      assertThat(NamespaceIntent.decode(broken, 0).isPresent()).as("byte %d", i).isFalse();
      raw[i] ^= 0x10;
    }
  }

  @Test
  void aClassLogPage() {
    assertThat(ClassLogPage.LENGTH).isEqualTo(8448);
    long[] counts = new long[LatencyBuckets.COUNT];
    counts[95] = 0x0102030405060708L;
    List<ClassRecord> classes = new ArrayList<>();
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      classes.add(
          ClassRecord.builder()
              .set(ClassRecord.Field.COMMANDS, i + 1)
              .set(ClassRecord.Field.BUCKETS, ClassRecord.encodeBuckets(counts))
              .build());
    }
    ClassLogPage page = new ClassLogPage(ClassLogPage.Header.begin().build(), classes);
    ByteBuf buf = buffer(ClassLogPage.LENGTH);
    page.encode(buf, 0);
    assertThat(hex(buf, 0, 20)).isEqualTo(UUID + "01" + "08" + "60" + "00");
    assertThat(buf.getLongLE(256 + 7 * 1024)).isEqualTo(8);
    assertThat(hex(buf, 256 + 256 + 95 * 8, 8)).isEqualTo("0807060504030201");
    ClassLogPage back = ClassLogPage.decode(buf, 0);
    assertThat(back).isEqualTo(page);
    assertThat(back.header().isPresent()).isTrue();
    assertThat(back.classes().get(3).buckets()).containsExactly(counts);
    assertThat(back.classes().get(3).bucket(95)).isEqualTo(0x0102030405060708L);
    assertThatThrownBy(() -> ClassLogPage.decode(buffer(8447), 0)).hasMessageContaining("needs");
  }

  @Test
  void aFlowLogPage() {
    FlowLogPage page =
        new FlowLogPage(
            List.of(
                new FlowLogPage.Flow(17, 6, 1000, 3, 0xFFFFFFFFL, 1, 2),
                new FlowLogPage.Flow(0xFFFF, 1, 1, 0, 256, 0, 0)));
    ByteBuf buf = buffer(page.length());
    page.encode(buf, 0);
    assertThat(page.length()).isEqualTo(128);
    assertThat(hex(buf, 0, 20)).isEqualTo(UUID + "02000000");
    assertThat(hex(buf, 64, 24))
        .isEqualTo(
            "1100" + "0600" + "e8030000" + "03000000" + "ffffffff" + "01000000" + "02000000");
    assertThat(FlowLogPage.decode(buf, 0)).isEqualTo(page);
  }

  @Test
  void aFlowLogThatPromisesTooMuchIsRefused() {
    ByteBuf buf = buffer(96);
    new FlowLogPage(List.of()).encode(buf, 0);
    buf.setIntLE(16, 1);
    assertThat(FlowLogPage.decode(buf, 0).flows()).hasSize(1);
    buf.setIntLE(16, 2);
    assertThatThrownBy(() -> FlowLogPage.decode(buf, 0)).hasMessageContaining("count: 2");
    buf.setIntLE(16, -1);
    assertThatThrownBy(() -> FlowLogPage.decode(buf, 0)).hasMessageContaining("count: 4294967295");
    assertThatThrownBy(() -> FlowLogPage.decode(buffer(96), 0)).hasMessageContaining("not log E1h");
    ByteBuf header = buffer(32);
    IntentIdentify.uuidBytes().encode(header, 0);
    assertThatThrownBy(() -> FlowLogPage.decode(header, 0)).hasMessageContaining("not log E1h");
  }

  @Test
  void anyBytesDecodeOrAreRefused() {
    Random random = new Random(SEED);
    int values = 0;
    for (int round = 0; round < 500; round++) {
      byte[] raw = new byte[random.nextInt(3) == 0 ? random.nextInt(9000) : ClassLogPage.LENGTH];
      random.nextBytes(raw);
      if (raw.length > 16 && random.nextBoolean()) {
        IntentIdentify.uuidBytes().encode(Unpooled.wrappedBuffer(raw), 0);
      }
      ByteBuf buf = Unpooled.wrappedBuffer(raw);
      try {
        values += ClassLogPage.decode(buf, 0).classes().size();
        values += FlowLogPage.decode(buf, 0).flows().size();
      } catch (IllegalArgumentException e) {
        assertThat(e).as("round %d, seed %d", round, SEED).hasMessageMatching("(?s).+");
      }
    }
    assertThat(values).isPositive();
  }

  @Test
  void theIdentifyAreaOfTheReference() {
    IntentIdentify identify =
        new IntentIdentify(IntentIdentify.CARRIER_A | IntentIdentify.CARRIER_B, 6, 2, 255, 64);
    ByteBuf buf = Unpooled.wrappedBuffer(identify.toBytes());
    assertThat(hex(buf, 0, 32))
        .isEqualTo(UUID + "0101" + "0300" + "08" + "00" + "6400" + "e006" + "e002" + "c1c2c500");
    assertThat(hex(buf, 32, 32))
        .isEqualTo(
            "88130000"
                + "40420f00"
                + "a0860100"
                + "204e0000"
                + "88130000"
                + "e8030000"
                + "90010000"
                + "96000000");
    assertThat(hex(buf, 64, 8)).isEqualTo("ff00" + "4000" + "0080ff07");
    assertThat(Bytes.copyOf(buf, 72, 52).isZero()).isTrue();
    assertThat(IntentIdentify.decode(buf, 0)).isEqualTo(identify);
    assertThat(IntentIdentify.defaultBudgetUs(buf, 0, 6)).isEqualTo(400);
  }

  @Test
  void classesHaveWordsAndBudgets() {
    assertThat(LatencyClass.of(6)).isEqualTo(LatencyClass.LOW_LATENCY);
    assertThat(LatencyClass.of(6).word()).isEqualTo("low_latency");
    assertThat(LatencyClass.of(0x17)).isEqualTo(LatencyClass.CRITICAL);
    assertThat(LatencyClass.defaultBudgetUs(7)).isEqualTo(150);
    assertThat(IntentCodec.confidencePercent(12)).isEqualTo(80);
    assertThat(IntentCodec.confidencePercent(8)).isEqualTo(53);
    assertThat(IntentCodec.registration(IntentCodec.withRegistration(0x1D400300, 5))).isEqualTo(5);
  }
}
