package io.mora.initiator.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.ConnectOptions;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyController.Field;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietTimeTest {
  private static final int TBKAS = 1 << 6;

  /** KATO rounded up to the controller's grain, twice or three times, and CQT, or KATO for 0. */
  @ParameterizedTest
  @CsvSource({
    "1000, 10, 0, 0, 3000",
    "1000, 10, 64, 0, 4000",
    "1000, 10, 64, 1, 3001",
    "1500, 10, 64, 0, 8000",
    "5000, 1, 0, 700, 10700",
    "150, 0, 0, 0, 450"
  })
  void rule(long katoMs, int kas, int attributes, int cqt, long expected) {
    assertThat(attributes & ~TBKAS).isZero();
    ConnectOptions options =
        ConnectOptions.to(new TransportAddress("127.0.0.1", 4420), new Nqn("nqn.2026-11.a.b:c"))
            .keepAliveTimeoutMs(katoMs)
            .build();
    IdentifyController controller =
        IdentifyController.builder()
            .set(Field.KAS, kas)
            .set(Field.CTRATT, attributes)
            .set(Field.CQT, cqt)
            .build();
    assertThat(QuietTime.ms(options, controller)).isEqualTo(expected);
  }
}
