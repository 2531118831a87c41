package io.mora.qos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a refusal or a cancelled start must not teach. */
class UnmeasuredTest {
  private static final long DEVICE_NS = 200_000;

  private final CostModel model = CostModel.calibrating();
  private final ClassScheduler scheduler = new ClassScheduler(SchedulerOptions.DEVICES);
  private long nowNs;

  UnmeasuredTest() {
    scheduler.line(model, DeviceWindow.of(WindowPolicy.AUTO), nowNs);
  }

  private void run(int times, int ioClass, long tookNs, boolean unmeasured) {
    for (int i = 0; i < times; i++) {
      TestIo io = new TestIo(i, ioClass);
      scheduler.submit(io, nowNs);
      assertThat(io.unmeasured).as("cleared by submit").isFalse();
      assertThat(Objects.requireNonNull(scheduler.poll(nowNs))).isSameAs(io);
      nowNs += tookNs;
      io.unmeasured = unmeasured;
      scheduler.complete(io, nowNs);
      io.unmeasured = true;
      scheduler.submit(io, nowNs);
      assertThat(io.unmeasured).isFalse();
      assertThat(scheduler.cancel(io)).isTrue();
    }
  }

  @Test
  void failuresDoNotMakeTheDeviceLookFast() {
    run(64, IoClass.NORMAL, DEVICE_NS, false);
    long before = model.costNs(false, 4096);
    assertThat(before).isEqualTo(DEVICE_NS);
    run(64, IoClass.NORMAL, 10, true);
    run(64, IoClass.CRITICAL, 10, true);
    run(64, IoClass.NORMAL, DEVICE_NS, false);
    assertThat(model.costNs(false, 4096)).isEqualTo(before);
    assertThat(scheduler.inFlight()).isZero();
    run(64, IoClass.NORMAL, 10, false);
    assertThat(model.costNs(false, 4096)).as("a success does").isLessThan(DEVICE_NS / 2);
  }

  @Test
  void latencyWaitsWhileSomeOfItIsQueued() {
    TestIo bulk = new TestIo(1, IoClass.BULK);
    TestIo urgent = new TestIo(2, IoClass.CRITICAL);
    scheduler.submit(bulk, nowNs);
    assertThat(scheduler.latencyWaits()).isFalse();
    scheduler.submit(urgent, nowNs);
    assertThat(scheduler.latencyWaits()).isTrue();
    assertThat(Objects.requireNonNull(scheduler.poll(nowNs))).isSameAs(urgent);
    assertThat(scheduler.latencyWaits()).isFalse();
  }
}
