package io.mora.protocol.auth;

import java.math.BigInteger;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Diffie-Hellman group of DH-HMAC-CHAP: none, or one of RFC 7919, appendix A. Codes are DHgID on
 * the wire.
 */
public enum DhchapGroup {
  NULL(0, 0, 0, 0),
  FFDHE2048(1, 2048, 560316, 256),
  FFDHE3072(2, 3072, 2625351, 288),
  FFDHE4096(3, 4096, 5736041, 336),
  FFDHE6144(4, 6144, 15705020, 384),
  FFDHE8192(5, 8192, 10965728, 416);

  /*
   * The JDK's own DH groups of these sizes are those of RFC 3526, so the primes are made here, by
   * the RFC's formula, when first used: 2^b - 2^(b-64) + (floor(2^(b-130) e) + X) 2^64 - 1.
   */
  /** More bits than the rounding of e's series can reach. */
  private static final int GUARD_BITS = 64;

  private static final BigInteger TWO = BigInteger.TWO;

  private final int code;
  private final int bits;
  private final int offset;
  private final int privateBits;

  DhchapGroup(int code, int bits, int offset, int privateBits) {
    this.code = code;
    this.bits = bits;
    this.offset = offset;
    this.privateBits = privateBits;
  }

  /** DHgID. */
  public int code() {
    return code;
  }

  /** Bytes of a public value, 0 without Diffie-Hellman. */
  public int lengthBytes() {
    return bits / 8;
  }

  /** Bits of a private exponent: above the least that RFC 7919, section 5.2, allows. */
  int privateBits() {
    return privateBits;
  }

  /** As configuration and command line write it: {@code null} means something else in YAML. */
  public String word() {
    return this == NULL ? "none" : name().toLowerCase(Locale.ROOT);
  }

  /** The group of a DHgID, or null if it is none of these. */
  public static @Nullable DhchapGroup of(int code) {
    for (DhchapGroup group : values()) {
      if (group.code == code) {
        return group;
      }
    }
    return null;
  }

  /** The group of a {@link #word}; IllegalArgumentException if there is none. */
  public static DhchapGroup parse(String word) {
    return Stream.of(values())
        .filter(group -> group.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not one of " + words()));
  }

  /** All words. */
  public static String words() {
    return Stream.of(values()).map(DhchapGroup::word).collect(Collectors.joining(", "));
  }

  /** The modulus; the generator is 2. IllegalStateException without Diffie-Hellman. */
  BigInteger prime() {
    if (bits == 0) {
      throw new IllegalStateException("no Diffie-Hellman");
    }
    return Primes.BY_CODE[code];
  }

  /** Made when first asked for: most targets never do. */
  private static final class Primes {
    static final BigInteger[] BY_CODE = new BigInteger[values().length];

    static {
      for (DhchapGroup group : values()) {
        BY_CODE[group.code] = group.bits == 0 ? BigInteger.ZERO : make(group);
      }
    }

    private static BigInteger make(DhchapGroup group) {
      int bits = group.bits;
      return TWO.pow(bits)
          .subtract(TWO.pow(bits - 64))
          .add(scaledE(bits - 130).add(BigInteger.valueOf(group.offset)).shiftLeft(64))
          .subtract(BigInteger.ONE);
    }

    /** floor(2^shift e), by the series of the inverse factorials. */
    private static BigInteger scaledE(int shift) {
      BigInteger term = BigInteger.ONE.shiftLeft(shift + GUARD_BITS);
      BigInteger sum = BigInteger.ZERO;
      for (int k = 1; term.signum() != 0; k++) {
        sum = sum.add(term);
        term = term.divide(BigInteger.valueOf(k));
      }
      return sum.shiftRight(GUARD_BITS);
    }
  }
}
