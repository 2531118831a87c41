package io.mora.target.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private long nowMs = 5;
  private final LoginThrottle throttle = new LoginThrottle(() -> nowMs);

  @Test
  void whoFailsTooOftenWaitsUntilAMinuteAfterTheFirst() {
    for (int i = 0; i < LoginThrottle.FAILURES_MAX; i++) {
      assertThat(throttle.waitMs("a")).isZero();
      throttle.failed("a");
      nowMs++;
    }
    assertThat(throttle.waitMs("a"))
        .isEqualTo(LoginThrottle.WINDOW_MS - LoginThrottle.FAILURES_MAX);
    assertThat(throttle.waitMs("b")).isZero();
    nowMs += throttle.waitMs("a");
    assertThat(throttle.waitMs("a")).isZero();
    throttle.failed("a");
    assertThat(throttle.waitMs("a")).isZero();
  }

  @Test
  void remembersSoManyAddressesOnly() {
    for (int i = 0; i < 3 * LoginThrottle.ADDRESSES_MAX; i++) {
      throttle.failed("address " + i);
    }
    assertThat(throttle.addresses()).isEqualTo(LoginThrottle.ADDRESSES_MAX);
  }
}
