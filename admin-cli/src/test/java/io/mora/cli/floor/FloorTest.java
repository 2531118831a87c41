package io.mora.cli.floor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloorTest {
  @ParameterizedTest
  @CsvSource({"false,1,true", "false,32,true", "true,1,true", "true,8,false", "false,32,false"})
  void exchangesFlowAndEnd(boolean spin, int depth, boolean read) throws Exception {
    Exchange exchange = read ? Exchange.read(depth, 4096, false) : Exchange.write(depth, 4096);
    Floor.Result result = Floor.measure(exchange, spin, new Span(50_000_000, 200_000_000), -1, -1);
    assertThat(result.latencies().getTotalCount()).isPositive();
    assertThat(result.perSecond()).isPositive();
    assertThat(result.lengthNs()).isPositive();
    assertThat(result.spin()).isEqualTo(spin);
    Floor.Result twice = result.plus(result);
    assertThat(twice.latencies().getTotalCount()).isEqualTo(2 * result.latencies().getTotalCount());
    assertThat(twice.perSecond()).isEqualTo(result.perSecond());
  }

  @Test
  void anExchangeHasTheBytesOfItsCommand() {
    assertThat(Exchange.read(1, 4096, false)).isEqualTo(new Exchange(1, 72, 24 + 4096));
    assertThat(Exchange.read(1, 131072, true)).isEqualTo(new Exchange(1, 72, 24 + 131072 + 24));
    assertThat(Exchange.write(8, 4096)).isEqualTo(new Exchange(8, 72 + 4096, 24));
    assertThat(Exchange.askedWrite(8, 131072))
        .isEqualTo(new Exchange(8, 72 + 24 + 131072, 24 + 24));
  }
}
