package io.mora.cli.floor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloorTest {
  @ParameterizedTest
  @CsvSource({"false,1,true", "false,32,true", "true,1,true", "true,8,false", "false,32,false"})
  void exchangesFlowAndEnd(boolean spin, int depth, boolean read) throws Exception {
    Exchange exchange = read ? Exchange.read(depth, 4096) : Exchange.write(depth, 4096);
    Floor.Result result = Floor.measure(exchange, spin, 300_000_000, -1, -1);
    assertThat(result.latencies().getTotalCount()).isPositive();
    assertThat(result.perSecond()).isPositive();
    assertThat(result.lengthNs()).isPositive();
    assertThat(result.spin()).isEqualTo(spin);
  }
}
