package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses count as one. */
class OriginTest {
  private static Origin of(String address, int bits) throws UnknownHostException {
    return Origin.of(InetAddress.getByName(address), bits);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, 64, true",
    "10.0.0.1, 10.0.0.2, 64, false",
    "255.255.255.255, 255.255.255.254, 32, false",
    "2001:db8::1, 2001:db8::8000:0:0:2, 64, true",
    "2001:db8::1, 2001:db8:0:1::1, 64, false",
    "2001:db8::1, 2001:db8:0:1::1, 63, true",
    "2001:db8::1, 2001:db8:8000::1, 32, true",
    "2001:db8::1, 2001:db9::1, 32, false",
    "2001:db8::1, 2001:db8::2, 127, false",
    "2001:db8::2, 2001:db8::3, 127, true",
    "2001:db8::2, 2001:db8::3, 128, false",
    "fd00::1, fd00::2, 64, true",
    "::1, 0.0.0.1, 64, false",
    "::1, 0.0.0.1, 128, false",
    "fe80::1, fe80::2, 64, false",
    "fe80::1, fe80::1, 64, true"
  })
  void areOne(String one, String other, int bits, boolean same) throws UnknownHostException {
    assertThat(of(one, bits).equals(of(other, bits))).isEqualTo(same);
  }

  /** Two links may each have a machine of the same name. */
  @Test
  void aLinkLocalAddressIsOneOfItsLink() throws UnknownHostException {
    byte[] address = InetAddress.getByName("fe80::1").getAddress();
    Origin one = Origin.of(Inet6Address.getByAddress(null, address, 1), 64);
    assertThat(one).isEqualTo(Origin.of(Inet6Address.getByAddress(null, address, 1), 64));
    assertThat(one).isNotEqualTo(Origin.of(Inet6Address.getByAddress(null, address, 2), 64));
  }

  /** Nor does a scope that the system reports make two machines of one. */
  @Test
  void theScopeOfOtherAddressesDoesNotCount() throws UnknownHostException {
    byte[] address = InetAddress.getByName("2001:db8::1").getAddress();
    assertThat(Origin.of(Inet6Address.getByAddress(null, address, 3), 64))
        .isEqualTo(of("2001:db8::2", 64));
  }

  @Test
  void anIpv4AddressBehindIpv6IsThatAddress() throws UnknownHostException {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
    assertThat(Origin.of(Inet6Address.getByAddress(null, mapped, 0), 64))
        .isEqualTo(of("10.0.0.1", 64));
  }
}
