package io.mora.protocol.auth.tls;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Records of one direction under its traffic secret (RFC 8446, 5.2 and 5.3), by the JDK's AES-GCM
 * on heap arrays, which is quicker than on direct memory. One thread at a time.
 */
final class RecordCipher {
  static final int HEADER = 5;
  static final int TAG_BYTES = 16;
  private static final int NONCE_BYTES = 12;

  private final TlsHash hash;
  private final int mode;
  private final Cipher cipher;
  private final byte[] nonce = new byte[NONCE_BYTES];
  private final byte[] header = {TlsTraffic.APPLICATION_DATA, 3, 3, 0, 0};
  private byte[] secret;
  private byte[] iv;
  private SecretKeySpec key;
  private long sequence;

  /**
   * @param mode of the JDK's cipher: this direction's records are made or opened
   */
  RecordCipher(TlsHash hash, byte[] secret, int mode) {
    this.hash = hash;
    this.mode = mode;
    this.secret = secret.clone();
    this.key = key();
    this.iv = Hkdf.expandLabel(hash, this.secret, "iv", new byte[0], NONCE_BYTES);
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  private SecretKeySpec key() {
    byte[] bytes = Hkdf.expandLabel(hash, secret, "key", new byte[0], hash.keyBytes());
    return new SecretKeySpec(bytes, "AES");
  }

  /** The next keys of this direction (KeyUpdate). */
  void update() {
    byte[] before = secret;
    secret = Hkdf.expandLabel(hash, before, "traffic upd", new byte[0], hash.lengthBytes());
    Arrays.fill(before, (byte) 0);
    key = key();
    iv = Hkdf.expandLabel(hash, secret, "iv", new byte[0], NONCE_BYTES);
    sequence = 0;
  }

  /** Records made or opened under the present keys. */
  long records() {
    return sequence;
  }

  private void start(int ciphertextBytes) throws GeneralSecurityException {
    long number = sequence++;
    for (int i = 0; i < NONCE_BYTES; i++) {
      int shift = (NONCE_BYTES - 1 - i) * Byte.SIZE;
      int mask = shift < Long.SIZE ? (int) (number >>> shift) : 0;
      nonce[i] = (byte) (iv[i] ^ mask);
    }
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    header[3] = (byte) (ciphertextBytes >>> Byte.SIZE);
    header[4] = (byte) ciphertextBytes;
    cipher.updateAAD(header);
  }

  /** Makes a record of the first bytes, the last of which is their type; returns its length. */
  int seal(byte[] plain, int length, byte[] out, int at) {
    try {
      start(length + TAG_BYTES);
      System.arraycopy(header, 0, out, at, HEADER);
      return HEADER + cipher.doFinal(plain, 0, length, out, at + HEADER);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a record cannot be sealed", e);
    }
  }

  /** Opens a record; returns bytes in {@code plain}: content, type, padding. */
  int open(byte[] record, int length, byte[] plain, int at) throws TlsException {
    try {
      start(length - HEADER);
      return cipher.doFinal(record, HEADER, length - HEADER, plain, at);
    } catch (AEADBadTagException e) {
      throw new TlsException(
          TlsAlert.BAD_RECORD_MAC, "a record was damaged, forged or is out of order");
    } catch (GeneralSecurityException e) {
      throw new TlsException(TlsAlert.BAD_RECORD_MAC, "a record of no such cipher");
    }
  }
}
