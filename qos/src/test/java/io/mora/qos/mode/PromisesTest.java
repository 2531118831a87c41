package io.mora.qos.mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.qos.CostModel;
import io.mora.qos.IoClass;
import io.mora.qos.mode.AdmissionControl.Answer;
import io.mora.qos.mode.LatencyWindow.Report;
import org.junit.jupiter.api.Test;

class PromisesTest {
  private static final long MS = 1_000_000;

  @Test
  void theSumOfPromisesFitsInTheDevice() {
    // 8 places; a 4 KiB read takes 100 us of one: 100 + 4 / 1024 * 0.
    AdmissionControl control = new AdmissionControl(CostModel.given(100_000, 0, 200_000, 0, 8), 50);
    Answer a = control.promise("a", 30_000, 0, false);
    assertThat(a.load()).isEqualTo(3000);
    assertThat(a.fits()).isTrue();
    Answer b = control.promise("b", 6_000, 0, true);
    assertThat(b).hasToString("b: 1.2 of 4.0 places, 1.0 left for it: too much");
    assertThat(b.fits()).isFalse();
    assertThat(control.promise("c", 5_000, 0, true).fits()).isTrue();
    assertThat(control.promise("d", 1, 0, false).fits()).isFalse();
    assertThat(control.answers()).hasSize(4);
  }

  @Test
  void bytesCountToo() {
    AdmissionControl control =
        new AdmissionControl(CostModel.given(0, 1_000_000, 0, 2_000_000, 1), 100);
    assertThat(control.promise("a", 1, 500L << 20, false).load()).isEqualTo(500);
    assertThat(control.promise("b", 1, 500L << 20, true).fits()).isFalse();
    assertThat(control.promise("c", Long.MAX_VALUE, Long.MAX_VALUE, true).fits()).isFalse();
  }

  @Test
  void aModeTellsHowOftenItWasBroken() {
    LatencySlo slo = new LatencySlo(IoClass.CRITICAL, MS, 100, 1000 * MS);
    LatencyWindow window = new LatencyWindow(LatencyMode.BOUNDED, slo, 0);
    for (int i = 0; i < 99; i++) {
      window.completed(MS, i);
    }
    window.completed(MS + 1, 100);
    window.completed(MS + 1, 1000 * MS);
    window.completed(MS + 1, 5000 * MS);
    window.completed(1, 9000 * MS);
    window.held(77);
    assertThat(window.report())
        .isEqualTo(new Report(LatencyMode.BOUNDED, slo, 0, 103, 3, 3, 2, 77));
  }

  @Test
  void aPromiseIsCheckedForSense() {
    assertThatThrownBy(() -> new LatencySlo(8, 1, 1, 1)).hasMessageContaining("ioClass 8");
    assertThatThrownBy(() -> new LatencySlo(7, 0, 1, 1)).hasMessageContaining("targetNs 0");
    assertThatThrownBy(() -> new LatencySlo(7, 1, 10_001, 1)).hasMessageContaining("10001");
    assertThat(new LatencySlo(7, 1, 0, 1).keptBy(0, 0)).isTrue();
  }

  @Test
  void modesHaveNamesAndNumbersThatTighten() {
    for (LatencyMode mode : LatencyMode.values()) {
      assertThat(LatencyMode.of(mode.label())).isSameAs(mode);
    }
    assertThat(LatencyMode.of("fast")).isNull();
    ModeProfile active = LatencyMode.AUTO.profile(true);
    ModeProfile idle = LatencyMode.AUTO.profile(false);
    assertThat(active.cutBytes()).isEqualTo(idle.cutBytes());
    assertThat(LatencyMode.BOUNDED.profile(false).cutBytes())
        .isLessThanOrEqualTo(active.cutBytes());
    assertThat(active.cutBytes()).isLessThan(LatencyMode.THROUGHPUT.profile(true).cutBytes());
    assertThat(LatencyMode.THROUGHPUT.profile(true).windowed()).isFalse();
    assertThat(active.windowed()).isTrue();
  }
}
