package io.mora.qos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private static final long MIB = 1 << 20;

  @Test
  void aKnownModelIsBaseAndBytes() {
    CostModel model = CostModel.given(100, 1 << 20, 200, 2 << 20, 4);
    assertThat(model.costNs(false, 0)).isEqualTo(100);
    assertThat(model.costNs(false, 4096)).isEqualTo(4196);
    assertThat(model.costNs(true, 4096)).isEqualTo(8392);
    assertThat(model.parallelism()).isEqualTo(4);
    model.observe(false, 4096, 1, 0);
    assertThat(model.costNs(false, 4096)).isEqualTo(4196);
  }

  @Test
  void bytesAreBytes() {
    assertThat(CostModel.bytes().costNs(true, 123_456)).isEqualTo(123_456);
    assertThat(CostModel.bytes().costNs(false, 0)).isEqualTo(1);
    assertThat(CostModel.bytes().costNs(true, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void learnsWhatIoTakesAloneThroughQueueing() {
    Random random = new Random(1);
    CostModel model = CostModel.calibrating();
    for (int i = 0; i < 2000; i++) {
      int kib = 4 << random.nextInt(6);
      long waitsNs = random.nextInt(4) == 0 ? 0 : random.nextInt(2_000_000);
      model.observe(false, kib * 1024L, 70_000 + kib * 400L + waitsNs, i * 1000L);
      model.observe(true, kib * 1024L, 30_000 + kib * 800L + waitsNs, i * 1000L);
    }
    assertThat(model.costNs(false, 4096)).isBetween(71_000L, 72_500L);
    assertThat(model.costNs(false, 131_072)).isBetween(121_000L, 122_000L);
    assertThat(model.costNs(true, 65_536)).isBetween(80_000L, 83_000L);
    assertThat(model.costNs(false, MIB)).isBetween(450_000L, 500_000L);
  }

  @Test
  void believesADeviceThatHasBecomeSlower() {
    CostModel model = CostModel.calibrating();
    long nowNs = 0;
    for (int i = 0; i < 100; i++) {
      model.observe(false, 4096, 50_000, nowNs += 1000);
    }
    assertThat(model.costNs(false, 4096)).isEqualTo(50_000);
    for (int i = 0; i < 4000; i++) {
      model.observe(false, 4096, 400_000, nowNs += 100_000_000);
    }
    assertThat(model.costNs(false, 4096)).isGreaterThan(300_000);
  }

  @Test
  void whereStorageCostsNothingTheProcessorDoes() {
    CostModel model = CostModel.calibrating();
    for (int i = 0; i < 100; i++) {
      model.observe(false, 4096, 0, i);
      model.observe(true, 131_072, 0, i);
    }
    assertThat(model.costNs(false, 4096))
        .isEqualTo(CostModel.LEAST_BASE_NS + 4 * CostModel.LEAST_KIB_NS);
    assertThat(model.costNs(false, 131_072)).isGreaterThan(3 * model.costNs(false, 4096));
  }

  @Test
  void nonsenseIsNotLearned() {
    CostModel model = CostModel.calibrating();
    long before = model.costNs(false, 4096);
    for (int i = 0; i < 100; i++) {
      model.observe(false, 0, 1, i);
      model.observe(false, 4096, -5, i);
      model.observe(false, 4096, CostModel.COST_MAX_NS + 1, i);
    }
    assertThat(model.costNs(false, 4096)).isEqualTo(before);
    assertThatThrownBy(() -> CostModel.given(-1, 0, 0, 0, 1)).hasMessageContaining("base -1");
    assertThatThrownBy(() -> CostModel.given(0, 0, 0, 0, 0)).hasMessageContaining("parallelism 0");
  }
}
