package io.mora.cli.manage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerCommandTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1,10.0.0.1:4420",
    "10.0.0.1:5,10.0.0.1:5",
    "::1,[::1]:4420",
    "[::1],[::1]:4420",
    "[::1]:9,[::1]:9"
  })
  void aListenersPortMayBeLeftOut(String given, String complete) {
    assertThat(ListenerCommand.complete(given)).isEqualTo(complete);
  }
}
