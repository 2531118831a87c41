package io.mora.protocol.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class IntentTest {
  @Property
  void aMinifloatIsNeverBelowTheValueAndCloseToIt(
      @ForAll @LongRange(max = Minifloat.MAX) long value) {
    long back = Minifloat.decode(Minifloat.encodeSaturating(value));
    assertThat(back).isGreaterThanOrEqualTo(value);
    assertThat(back - value).isLessThanOrEqualTo(value / 2048);
  }

  @Property
  void encodingTakesTheSmallestExponent(
      @ForAll @LongRange(min = 1, max = Minifloat.MAX) long value) {
    int bits = Minifloat.encodeSaturating(value);
    int exponent = bits >>> 12;
    if (exponent > 0) {
      long below = 1L << exponent - 1;
      assertThat((value + below - 1) / below).isGreaterThanOrEqualTo(4096);
    }
  }

  @Test
  void theReferenceExamplesEncode() {
    int critical = IntentCodec.cdw3(6, IntentCodec.STEP | IntentCodec.RT, 0, 3);
    assertThat(Integer.toHexString(critical)).isEqualTo("1d400300");
    assertThat(Integer.toHexString(IntentCodec.cdw2(17, 400))).isEqualTo("110190");
    int prefetch = IntentCodec.cdw3(3, IntentCodec.EXPIRE, 12, 0);
    assertThat(Integer.toHexString(prefetch)).isEqualTo("161c0000");
    assertThat(Integer.toHexString(IntentCodec.cdw2(0, 20_000))).isEqualTo("39c4");
  }

  @Test
  void theFieldsComeBack() {
    int cdw3 = 0x1D400300;
    assertThat(IntentCodec.version(cdw3)).isEqualTo(1);
    assertThat(IntentCodec.latencyClass(cdw3)).isEqualTo(6);
    assertThat(cdw3 & IntentCodec.STEP).isNotZero();
    assertThat(IntentCodec.affinity(cdw3)).isEqualTo(3);
    assertThat(IntentCodec.flow(0x00110190)).isEqualTo(17);
    assertThat(IntentCodec.budgetUs(0x00110190)).isEqualTo(400);
    assertThat(IntentCodec.budgetUs(0x39C4)).isEqualTo(20_000);
  }

  @Test
  void aTimingReplyTellsItsTimes() {
    long result = Timing.pack(1_500, 80_000, 95_300, Timing.MISSED, 6, Timing.OVER_RATE);
    assertThat(Timing.isPresent(result)).isTrue();
    assertThat(Timing.queueNs(result)).isEqualTo(1_500);
    assertThat(Timing.deviceNs(result)).isEqualTo(80_000);
    assertThat(Timing.totalNs(result)).isEqualTo(95_300);
    assertThat(Timing.flags(result)).isEqualTo(Timing.MISSED);
    assertThat(Timing.effectiveClass(result)).isEqualTo(6);
    assertThat(Timing.reason(result)).isEqualTo(Timing.OVER_RATE);
    assertThat(Timing.isPresent(0)).isFalse();
  }

  @Test
  void saturatedTimesDoNotSpillIntoTheirNeighbours() {
    long result = Timing.pack(Long.MAX_VALUE / 2, 0, Long.MAX_VALUE / 2, 0, 4, 0);
    assertThat(Timing.deviceNs(result)).isZero();
    assertThat(Timing.flags(result)).isZero();
    assertThat(Timing.queueNs(result)).isEqualTo(Minifloat.MAX * Timing.UNIT_NS);
  }

  @Test
  void theIdentifyAreaIsRecognisedOnlyIntact() {
    ByteBuf area =
        Unpooled.wrappedBuffer(
            new IntentIdentify(IntentIdentify.CARRIER_A | IntentIdentify.TIMING_REPLY, 1, 0, 0, 0)
                .toBytes());
    assertThat(IntentIdentify.isPresent(area, 0)).isTrue();
    assertThat(IntentIdentify.decode(area, 0).has(IntentIdentify.TIMING_REPLY)).isTrue();
    for (int i = 0; i < IntentIdentify.LENGTH; i++) {
      ByteBuf broken = area.copy();
      broken.setByte(i, broken.getByte(i) ^ 0x40);
      assertThat(IntentIdentify.isPresent(broken, 0)).as("byte %d", i).isFalse();
    }
  }
}
