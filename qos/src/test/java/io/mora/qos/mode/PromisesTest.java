package io.mora.qos.mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.qos.IoClass;
import io.mora.qos.mode.LatencyWindow.Report;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PromisesTest {
  private static final long MS = 1_000_000;

  @Test
  void aModeTellsHowOftenItWasBroken() {
    LatencySlo slo = new LatencySlo(IoClass.CRITICAL, MS, 100, 1000 * MS);
    AtomicLong held = new AtomicLong(1000);
    LatencyWindow window = new LatencyWindow(LatencyMode.BOUNDED, slo, held::get, 0);
    for (int i = 0; i < 99; i++) {
      window.completed(MS, i);
    }
    window.completed(MS + 1, 100);
    window.completed(MS + 1, 1000 * MS);
    window.completed(MS + 1, 5000 * MS);
    window.completed(1, 9000 * MS);
    held.addAndGet(77);
    Report report = window.report(9500 * MS);
    assertThat(report)
        .as("held back since the mode began, not before")
        .isEqualTo(new Report(LatencyMode.BOUNDED, slo, 9500 * MS, 103, 3, 3, 2, 77));
    assertThat(report.plus(report))
        .isEqualTo(new Report(LatencyMode.BOUNDED, slo, 9500 * MS, 206, 6, 6, 4, 154));
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
