package io.mora.protocol.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0B",
    "1023, 1023, 1023B",
    "4096B, 4096, 4KiB",
    "16KiB, 16384, 16KiB",
    "16kib, 16384, 16KiB",
    "1 MiB, 1048576, 1MiB",
    "1025KiB, 1049600, 1025KiB",
    "3GiB, 3221225472, 3GiB",
    "1024TiB, 1125899906842624, 1PiB",
    "7EiB, 8070450532247928832, 7EiB"
  })
  void sizes(String text, long bytes, String printed) {
    assertThat(Quantity.parseBytes(text)).isEqualTo(bytes);
    assertThat(Quantity.formatBytes(bytes)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource({
    "0s, 0, 0s",
    "50us, 50, 50us",
    "1500us, 1500, 1500us",
    "250ms, 250000, 250ms",
    "2000ms, 2000000, 2s",
    "90s, 90000000, 90s",
    "60s, 60000000, 1min",
    "2min, 120000000, 2min",
    "1h, 3600000000, 1h"
  })
  void durations(String text, long micros, String printed) {
    Duration duration = Duration.ofNanos(micros * 1000);
    assertThat(Quantity.parseDuration(text)).isEqualTo(duration);
    assertThat(Quantity.formatDuration(duration)).isEqualTo(printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "KiB",
        "1KB",
        "1 K",
        "-1",
        "1.5GiB",
        "1  KiB",
        "0x10",
        "8EiB",
        "9999999999999999999",
        "16 KiB x"
      })
  void whatIsNoSize(String text) {
    assertThatThrownBy(() -> Quantity.parseBytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a number with B, KiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "10 sec", "1d", "-1s", "1.5s", "10S", "999999999999999999h"})
  void whatIsNoDuration(String text) {
    assertThatThrownBy(() -> Quantity.parseDuration(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a number with us, ms");
  }

  @Property
  void printedSizesReadBack(@ForAll @LongRange(max = Long.MAX_VALUE) long bytes) {
    assertThat(Quantity.parseBytes(Quantity.formatBytes(bytes))).isEqualTo(bytes);
  }

  @Property
  void printedDurationsReadBack(@ForAll @LongRange(max = 1L << 52) long micros) {
    Duration duration = Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1000);
    assertThat(Quantity.parseDuration(Quantity.formatDuration(duration))).isEqualTo(duration);
  }
}
