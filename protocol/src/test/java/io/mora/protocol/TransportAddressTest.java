package io.mora.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransportAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 4420, 127.0.0.1:4420",
    "127.0.0.1:8009, 127.0.0.1, 8009, 127.0.0.1:8009",
    "::1, ::1, 4420, [::1]:4420",
    "[::1], ::1, 4420, [::1]:4420",
    "[fe80::1]:0, fe80::1, 0, [fe80::1]:0",
    "storage-1.example:65535, storage-1.example, 65535, storage-1.example:65535"
  })
  void parsesAndPrints(String text, String host, int port, String printed) {
    TransportAddress address = TransportAddress.parse(text, 4420);
    assertThat(address).isEqualTo(new TransportAddress(host, port)).hasToString(printed);
    assertThat(TransportAddress.parse(printed, 1)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":1",
        "1.2.3",
        "256.1.1.1",
        "[::1",
        "[::1]x",
        "[1.2.3.4]x:1",
        "a b:1",
        "host:",
        "host:x",
        "host:65536",
        "host:123456",
        "host:-1",
        "-host:1",
        "[]:1"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> TransportAddress.parse(text, 4420))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knowsFamiliesAndWildcards() {
    assertThat(new TransportAddress("10.0.0.1", 1).addressFamily()).isEqualTo(1);
    assertThat(new TransportAddress("2001:db8::1", 1).addressFamily()).isEqualTo(2);
    assertThat(new TransportAddress("0.0.0.0", 1).isWildcard()).isTrue();
    assertThat(new TransportAddress("::", 1).isWildcard()).isTrue();
    assertThat(new TransportAddress("0:0:0:0:0:0:0:0", 1).isWildcard()).isTrue();
    assertThat(new TransportAddress("::1", 1).isWildcard()).isFalse();
    assertThat(new TransportAddress("example", 1).isWildcard()).isFalse();
  }

  @Test
  void namesStayUnresolved() {
    assertThat(new TransportAddress("example.invalid", 4420).socketAddress().isUnresolved())
        .isTrue();
    assertThat(new TransportAddress("::1", 4420).socketAddress().isUnresolved()).isFalse();
  }
}
