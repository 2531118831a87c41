package io.mora.target.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BusyTimeTest {
  @Test
  void aLookCountsForTheTimeSinceTheOneBefore() {
    long now = 17;
    BusyTime busy = new BusyTime(now);
    for (int second = 0; second < 300; second++) {
      now += TimeUnit.SECONDS.toNanos(1);
      busy.look(second % 3 != 0, now);
    }
    assertThat(busy.minutes()).as("two thirds of five minutes").isEqualTo(3);
    now += TimeUnit.MINUTES.toNanos(10);
    busy.look(false, now);
    assertThat(busy.minutes()).isEqualTo(3);
    now += TimeUnit.SECONDS.toNanos(40);
    busy.look(true, now);
    assertThat(busy.minutes()).isEqualTo(4);
  }
}
