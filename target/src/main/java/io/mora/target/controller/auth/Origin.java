package io.mora.target.controller.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where a connection comes from, as far as machines can be told apart: an IPv4 address, or what an
 * IPv6 address begins with. A machine of an IPv6 network takes as many of its addresses as it
 * likes, so there the network counts.
 *
 * <p>A link-local address counts by itself, with its link: all machines of all links have the same
 * prefix, so it says nothing of who shares it. One machine can have many there, too; but it is on
 * the same wire as the target.
 *
 * @param high the first 64 bits, those that do not count being 0
 * @param low the others; of an IPv4 address as if it were mapped
 * @param scope the link of a link-local address, else 0
 * @param prefixBits bits that count
 */
record Origin(long high, long low, int scope, int prefixBits) {
  private static final int BITS = 128;

  /** What an IPv6 address has before the IPv4 address behind it, after 64 bits of 0. */
  private static final long IPV4_MAPPED = 0xFFFF;

  static Origin of(InetAddress address, int ipv6PrefixBits) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    if (bytes.remaining() == Integer.BYTES) {
      return ipv4(Integer.toUnsignedLong(bytes.getInt()));
    }
    long high = bytes.getLong();
    long low = bytes.getLong();
    if (high == 0 && low >>> Integer.SIZE == IPV4_MAPPED) {
      return ipv4(low & 0xFFFF_FFFFL);
    }
    if (address instanceof Inet6Address local && local.isLinkLocalAddress()) {
      return new Origin(high, low, local.getScopeId(), BITS);
    }
    long keptHigh = high & mask(ipv6PrefixBits);
    return new Origin(keptHigh, low & mask(ipv6PrefixBits - Long.SIZE), 0, ipv6PrefixBits);
  }

  private static Origin ipv4(long address) {
    return new Origin(0, IPV4_MAPPED << Integer.SIZE | address, 0, BITS);
  }

  /** The first so many of 64 bits. */
  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= Long.SIZE ? -1 : -1L << Long.SIZE - bits;
  }

  /** In a sentence: there are so many from ... */
  String word() {
    return prefixBits == BITS ? "there" : "its /" + prefixBits;
  }
}
