package io.mora.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChapArithmeticTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Nqn HOST =
      new Nqn("nqn.2014-08.org.nvmexpress:uuid:11111111-2222-3333-4444-555555555555");
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-01.io.example:sub1");

  private static DhchapSecret secret(int first) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return DhchapSecret.of(key, DhchapHash.SHA256);
  }

  private static byte[] challenge(int first) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i % 16);
    }
    return bytes;
  }

  /** The wire reference's vector. */
  @Test
  void responsesWithoutDiffieHellman() {
    ChapTransaction terms = new ChapTransaction(DhchapHash.SHA256, 0x1234, 0, HOST, SUBSYSTEM);
    assertThat(HEX.formatHex(secret(0).keyFor(HOST)))
        .isEqualTo("6ce1e4ea31e8331a4fe5826bfde17a5cd386b8f0338748919e279ba6c55bf727");
    assertThat(HEX.formatHex(secret(0x20).keyFor(SUBSYSTEM)))
        .isEqualTo("bc2d22bd6b1a6589f3dc82ef3ee045c33d374597462457dfe8298063acc29325");
    byte[] c1 = terms.augmented(null, challenge(0xA0));
    assertThat(HEX.formatHex(terms.hostResponse(secret(0), c1, 1)))
        .isEqualTo("ef241e811e659d51f2c22932bdcee03f9b5cddb1a29e0393700f30f81c1f1bad");
    byte[] c2 = terms.augmented(null, challenge(0xB0));
    assertThat(HEX.formatHex(terms.controllerResponse(secret(0x20), c2, 2)))
        .isEqualTo("dca2bf0c074e998812b4d7223a8848187aa8d6b88b25d47020d8e76b29960410");
  }

  @Test
  void aKeyWithoutTransformationIsUsedAsItIs() {
    byte[] key = challenge(1);
    assertThat(DhchapSecret.of(key, null).keyFor(HOST)).isEqualTo(key);
  }

  /** RFC 4231, test case 2. */
  @Test
  void hmacOfThePublishedCase() {
    byte[] key = "Jefe".getBytes(StandardCharsets.US_ASCII);
    byte[] text = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
    assertThat(HEX.formatHex(DhchapHash.SHA256.hmac(key, text)))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assertThat(HEX.formatHex(DhchapHash.SHA384.hmac(key, text))).startsWith("af45d2e376484031");
    assertThat(HEX.formatHex(DhchapHash.SHA512.hmac(key, text))).startsWith("164b7a7bfcf819e2");
  }

  /** Checked against OpenSSL's constants: the start of SHA-256 of each prime. */
  @ParameterizedTest
  @CsvSource({
    "FFDHE2048, 2048, 9cd3b7f3",
    "FFDHE3072, 3072, 0eaf67db",
    "FFDHE4096, 4096, 46484142",
    "FFDHE6144, 6144, 227ac906",
    "FFDHE8192, 8192, 770b14ef",
  })
  void primesAreThoseOfRfc7919(DhchapGroup group, int bits, String digest) throws Exception {
    BigInteger prime = group.prime();
    assertThat(prime.bitLength()).isEqualTo(bits);
    byte[] bytes = prime.toByteArray();
    byte[] unsigned = Arrays.copyOfRange(bytes, bytes.length - bits / 8, bytes.length);
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(unsigned);
    assertThat(HEX.formatHex(sum)).startsWith(digest);
    assertThat(prime.toString(16))
        .startsWith("ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1")
        .endsWith("ffffffffffffffff");
  }

  @ParameterizedTest
  @EnumSource(DhchapGroup.class)
  void bothSidesFindTheSameKey(DhchapGroup group) throws AuthException {
    DhExchange one = DhExchange.generate(group, RANDOM);
    DhExchange other = DhExchange.generate(group, RANDOM);
    assertThat(one.publicValue()).hasSize(group.lengthBytes());
    byte[] key = one.sessionKey(other.publicValue(), DhchapHash.SHA384);
    assertThat(other.sessionKey(one.publicValue(), DhchapHash.SHA384)).isEqualTo(key);
    if (group == DhchapGroup.NULL) {
      assertThat(key).isNull();
    } else {
      assertThat(key).hasSize(48);
      assertThat(one.publicValue()).isNotEqualTo(other.publicValue());
    }
  }

  /** Against the plain formula: a shared secret of few bytes is padded before it is hashed. */
  @Test
  void sharedSecretIsPaddedToTheModulus() throws Exception {
    BigInteger prime = DhchapGroup.FFDHE2048.prime();
    DhExchange ours = DhExchange.generate(DhchapGroup.FFDHE2048, RANDOM);
    BigInteger y = new BigInteger(1, ours.publicValue());
    for (int exponent = 2; exponent < 40; exponent++) {
      BigInteger shared = y.modPow(BigInteger.valueOf(exponent), prime);
      byte[] theirs = padded(BigInteger.TWO.pow(exponent));
      assertThat(ours.sessionKey(theirs, DhchapHash.SHA256))
          .isEqualTo(MessageDigest.getInstance("SHA-256").digest(padded(shared)));
    }
  }

  private static byte[] padded(BigInteger number) {
    byte[] bytes =
        HEX.parseHex("0".repeat(512 - number.toString(16).length()) + number.toString(16));
    assertThat(bytes).hasSize(256);
    return bytes;
  }

  @Test
  void publicValuesOutsideTheGroupAreRefused() {
    BigInteger prime = DhchapGroup.FFDHE2048.prime();
    DhExchange ours = DhExchange.generate(DhchapGroup.FFDHE2048, RANDOM);
    for (BigInteger bad :
        new BigInteger[] {
          BigInteger.ZERO,
          BigInteger.ONE,
          prime.subtract(BigInteger.ONE),
          prime,
          prime.add(BigInteger.ONE),
          BigInteger.TWO.pow(2048).subtract(BigInteger.ONE)
        }) {
      assertThatThrownBy(() -> ours.sessionKey(padded(bad), DhchapHash.SHA256))
          .isInstanceOfSatisfying(
              AuthException.class,
              e -> assertThat(e.failure()).isEqualTo(AuthFailure.INCORRECT_PAYLOAD));
    }
    for (int length : new int[] {0, 255, 257, 384}) {
      assertThatThrownBy(() -> ours.sessionKey(new byte[length], DhchapHash.SHA256))
          .isInstanceOf(AuthException.class);
    }
  }

  /** Each thing that the two agree on changes the response. */
  @Test
  void responsesHangOnEverything() {
    ChapTransaction terms = new ChapTransaction(DhchapHash.SHA256, 7, 0, HOST, SUBSYSTEM);
    byte[] c = challenge(1);
    byte[] base = terms.hostResponse(secret(0), c, 1);
    Nqn other = new Nqn("nqn.2026-01.io.example:other");
    List<String> others =
        Stream.of(
                terms.hostResponse(secret(1), c, 1),
                terms.hostResponse(secret(0), challenge(2), 1),
                terms.hostResponse(secret(0), c, 2),
                terms.controllerResponse(secret(0), c, 1),
                new ChapTransaction(DhchapHash.SHA256, 8, 0, HOST, SUBSYSTEM)
                    .hostResponse(secret(0), c, 1),
                new ChapTransaction(DhchapHash.SHA256, 7, 1, HOST, SUBSYSTEM)
                    .hostResponse(secret(0), c, 1),
                new ChapTransaction(DhchapHash.SHA256, 7, 0, other, SUBSYSTEM)
                    .hostResponse(secret(0), c, 1),
                new ChapTransaction(DhchapHash.SHA256, 7, 0, HOST, other)
                    .hostResponse(secret(0), c, 1),
                new ChapTransaction(DhchapHash.SHA512, 7, 0, HOST, SUBSYSTEM)
                    .hostResponse(secret(0), c, 1),
                terms.hostResponse(secret(0), terms.augmented(challenge(9), c), 1))
            .map(HEX::formatHex)
            .toList();
    assertThat(others).doesNotContain(HEX.formatHex(base)).doesNotHaveDuplicates();
  }
}
