package io.mora.protocol.data.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.data.log.AnaLogPage.Group;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LogPagesTest {
  private static ByteBuf dirty(int length) {
    ByteBuf buf = Unpooled.buffer(length);
    for (int i = 0; i < length; i++) {
      buf.writeByte(0xA5);
    }
    return buf;
  }

  @Property(tries = 200)
  void discoveryLogsSurvive(@ForAll long seed, @ForAll @IntRange(max = 20) int size) {
    Random random = new Random(seed);
    List<DiscoveryLogEntry> entries = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      byte[] raw = new byte[DiscoveryLogEntry.LENGTH];
      random.nextBytes(raw);
      entries.add(DiscoveryLogEntry.decode(Unpooled.wrappedBuffer(raw), 0));
    }
    DiscoveryLogPage page = new DiscoveryLogPage(random.nextLong(), random.nextInt(256), entries);
    ByteBuf buf = dirty(page.lengthBytes());
    page.encode(buf, 0);
    assertThat(DiscoveryLogPage.decode(buf, 0)).isEqualTo(page);
    assertThat(DiscoveryLogPage.generation(buf, 0)).isEqualTo(page.generation());
    assertThat(buf.getUnsignedIntLE(DiscoveryLogPage.TDLPL)).isEqualTo(page.lengthBytes());
  }

  @Test
  void discoveryLogsThatLieAreRefused() {
    ByteBuf buf = Unpooled.buffer(2048).writeZero(2048);
    buf.setLongLE(DiscoveryLogPage.NUMREC, 2);
    assertThatThrownBy(() -> DiscoveryLogPage.decode(buf, 0))
        .hasMessage("discovery log of 2048 bytes for 2 entries");
    buf.setLongLE(DiscoveryLogPage.NUMREC, -1);
    assertThatThrownBy(() -> DiscoveryLogPage.decode(buf, 0))
        .hasMessage("discovery log NUMREC 18446744073709551615: at most 16383");
    buf.setShortLE(DiscoveryLogPage.RECFMT, 1);
    assertThatThrownBy(() -> DiscoveryLogPage.decode(buf, 0))
        .hasMessage("discovery log RECFMT 1: 0");
    assertThatThrownBy(() -> DiscoveryLogPage.decode(buf, 1025))
        .hasMessage("discovery log of 1023 bytes");
  }

  @Property(tries = 200)
  void anaLogsSurvive(@ForAll long seed, @ForAll @IntRange(max = 10) int size) {
    Random random = new Random(seed);
    List<Group> groups = new ArrayList<>();
    for (int g = 0; g < size; g++) {
      List<Integer> nsids = new ArrayList<>();
      for (int n = random.nextInt(20); n > 0; n--) {
        nsids.add(random.nextInt());
      }
      groups.add(new Group(random.nextInt(), random.nextLong(), random.nextInt(16), nsids));
    }
    AnaLogPage page = new AnaLogPage(random.nextLong(), groups);
    ByteBuf buf = dirty(page.lengthBytes());
    page.encode(buf, 0);
    assertThat(AnaLogPage.decode(buf, 0)).isEqualTo(page);
  }

  @Test
  void anaGroupThatClaimsMoreThanThereIsIsRefused() {
    ByteBuf buf = Unpooled.buffer(48).writeZero(48);
    buf.setShortLE(8, 1).setIntLE(16 + 4, -1);
    assertThatThrownBy(() -> AnaLogPage.decode(buf, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ANA log: group of 17179869212 bytes, 32 left");
  }

  @Test
  void errorLogIsCutToTheLengthAskedAndEndsAtAnEmptyEntry() {
    ErrorLogEntry first = error(2);
    ErrorLogEntry second = error(1);
    ErrorLogPage page = new ErrorLogPage(List.of(first, second));
    ByteBuf buf = dirty(256);
    page.encode(buf, 0, 256);
    assertThat(ErrorLogPage.decode(buf, 0, 256)).isEqualTo(page);
    page.encode(buf, 0, 100);
    assertThat(ErrorLogPage.decode(buf, 0, 100).entries()).containsExactly(first);
    assertThat(buf.getByte(99)).isZero();
    assertThat(first.status()).isEqualTo(Status.LBA_OUT_OF_RANGE | Status.DNR);
  }

  private static ErrorLogEntry error(int count) {
    int status = Status.LBA_OUT_OF_RANGE | Status.DNR;
    return ErrorLogEntry.builder()
        .set(ErrorLogEntry.Field.ECNT, count)
        .set(ErrorLogEntry.Field.STATUS, status << 1)
        .set(ErrorLogEntry.Field.PEL, ErrorLogEntry.NO_LOCATION)
        .build();
  }

  @Test
  void tablesHoldWordsById() {
    EffectsLogPage effects =
        EffectsLogPage.of(Map.of(0x06, EffectsLogPage.CSUPP), Map.of(0x01, 3, 0xFF, 0x80000001));
    ByteBuf buf = dirty(EffectsLogPage.LENGTH);
    effects.encode(buf, 0);
    assertThat(buf.getIntLE(0x06 * 4)).isEqualTo(1);
    assertThat(buf.getIntLE(1024 + 0x01 * 4)).isEqualTo(3);
    assertThat(EffectsLogPage.decode(buf, 0)).isEqualTo(effects);
    assertThat(effects.io(0xFF)).isEqualTo(0x80000001);
    assertThat(effects.admin(0xFF)).isZero();

    SupportedLogPages logs = SupportedLogPages.of(Map.of(0x70, 0x00070001, 0, 1));
    assertThat(logs.supports(0x70)).isTrue();
    assertThat(logs.supports(0x71)).isFalse();
    assertThat(logs.word(0x70)).isEqualTo(0x00070001);
    FeatureEffectsLogPage features = FeatureEffectsLogPage.of(Map.of(0x0F, 0x02100001));
    assertThat(features.supports(0x0F)).isTrue();
    assertThatThrownBy(() -> features.word(256)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void dataUnitsRoundUp() {
    assertThat(SmartLogPage.dataUnits(0)).isZero();
    assertThat(SmartLogPage.dataUnits(1)).isEqualTo(1);
    assertThat(SmartLogPage.dataUnits(512_000)).isEqualTo(1);
    assertThat(SmartLogPage.dataUnits(512_001)).isEqualTo(2);
  }

  @Test
  void entriesWithOddAddressesHaveNone() {
    DiscoveryLogEntry.Field port = DiscoveryLogEntry.Field.TRSVCID;
    DiscoveryLogEntry.Field address = DiscoveryLogEntry.Field.TRADDR;
    assertThat(DiscoveryLogEntry.builder().set(address, "1.2.3.4").build().address()).isNull();
    for (String odd : List.of("65536", "-1", "x", "123456")) {
      assertThat(DiscoveryLogEntry.builder().set(address, "::1").set(port, odd).build().address())
          .as(odd)
          .isNull();
    }
    assertThat(DiscoveryLogEntry.builder().set(address, "a b").set(port, "1").build().address())
        .isNull();
    assertThat(
            DiscoveryLogEntry.builder().set(address, "::1").set(port, "4420  ").build().address())
        .hasToString("[::1]:4420");
  }
}
