package io.mora.protocol.auth;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPublicKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One side of a Diffie-Hellman exchange, for one transaction. Making it and {@link #sessionKey}
 * take from one to tens of milliseconds, by the group: not for a loop's thread.
 */
public final class DhExchange {
  private static final BigInteger GENERATOR = BigInteger.TWO;

  private final DhchapGroup group;
  private final @Nullable PrivateKey secret;
  private final byte[] publicValue;

  private DhExchange(DhchapGroup group, @Nullable PrivateKey secret, byte[] publicValue) {
    this.group = group;
    this.secret = secret;
    this.publicValue = publicValue;
  }

  /** A new private exponent and its public value; neither, for the group of none. */
  public static DhExchange generate(DhchapGroup group, SecureRandom random) {
    if (group == DhchapGroup.NULL) {
      return new DhExchange(group, null, new byte[0]);
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("DH");
      generator.initialize(
          new DHParameterSpec(group.prime(), GENERATOR, group.privateBits()), random);
      KeyPair pair = generator.generateKeyPair();
      BigInteger y = ((DHPublicKey) pair.getPublic()).getY();
      return new DhExchange(group, pair.getPrivate(), padded(y, group.lengthBytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Diffie-Hellman", e);
    }
  }

  /** What the other side is told: big-endian, as long as the modulus. */
  public byte[] publicValue() {
    return publicValue.clone();
  }

  /**
   * The key of this transaction, the hash of the shared secret; null for the group of none.
   *
   * @param peer the other side's public value
   * @throws AuthException if that has the wrong length or is not in 2..p-2
   */
  public byte @Nullable [] sessionKey(byte[] peer, DhchapHash hash) throws AuthException {
    if (peer.length != group.lengthBytes()) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD,
          "DHVLEN " + peer.length + ", " + group.lengthBytes() + " for " + group.word());
    }
    if (secret == null) {
      return null;
    }
    BigInteger prime = group.prime();
    BigInteger y = new BigInteger(1, peer);
    if (y.compareTo(BigInteger.ONE) <= 0 || y.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
      throw new AuthException(AuthFailure.INCORRECT_PAYLOAD, "the DH value is not in 2..p-2");
    }
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("DH");
      agreement.init(secret);
      agreement.doPhase(
          KeyFactory.getInstance("DH").generatePublic(new DHPublicKeySpec(y, prime, GENERATOR)),
          true);
      byte[] shared = agreement.generateSecret();
      byte[] padded = padded(new BigInteger(1, shared), group.lengthBytes());
      try {
        return hash.digest(padded);
      } finally {
        Arrays.fill(shared, (byte) 0);
        Arrays.fill(padded, (byte) 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a DH value in range is refused", e);
    }
  }

  private static byte[] padded(BigInteger number, int lengthBytes) {
    byte[] bytes = number.toByteArray();
    int skip = Math.max(0, bytes.length - lengthBytes); // a sign byte
    byte[] padded = new byte[lengthBytes];
    int length = bytes.length - skip;
    System.arraycopy(bytes, skip, padded, lengthBytes - length, length);
    return padded;
  }
}
