package io.mora.target.config.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the secrets of a configuration, so that the file, its history, what the API answers and a
 * copy of all of them are worth nothing without the key beside them.
 *
 * <p>AES-256-GCM. The nonce is an HMAC of what is sealed, so that the same secret in the same place
 * is always the same text: configurations compare, and no nonce serves two texts. The place is
 * authenticated: a sealed secret of one host is refused as another's.
 */
public final class SecretBox {
  /** How sealed text begins. */
  public static final String START = "sealed:1:";

  /** More than any sealed secret; longer text is not looked at. */
  private static final int TEXT_MAX = 4_096;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String HMAC = "HmacSHA256";
  private static final String SEALING = "mora sealed secrets, sealing";
  private static final String NONCES = "mora sealed secrets, nonces";

  private final SealingKey key;

  private SecretBox(SealingKey key) {
    this.key = key;
  }

  /** The one for configurations in this folder. */
  public static SecretBox in(Path folder) {
    return new SecretBox(new SealingKey(folder));
  }

  public static boolean isSealed(String text) {
    return text.startsWith(START);
  }

  /**
   * Seals a secret; makes the key if there is none yet.
   *
   * @param place what it is the secret of
   */
  public String seal(String place, String secret) {
    byte[] master = key.forSealing();
    byte[] nonce =
        Arrays.copyOf(
            hmac(derive(master, NONCES), bytes(place), new byte[1], bytes(secret)), NONCE_BYTES);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, master, nonce, place)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      return START
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(
                  ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /**
   * The secret in a sealed text.
   *
   * @throws IllegalArgumentException saying why it cannot be had, and nothing of the secret
   */
  public String open(String place, String text) {
    byte[] bytes = decoded(text);
    byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
    try {
      byte[] secret =
          cipher(Cipher.DECRYPT_MODE, key.forOpening(), nonce, place)
              .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
      return new String(secret, StandardCharsets.UTF_8);
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException("sealed for another place or with another key", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("its sealing is damaged", e);
    }
  }

  private static byte[] decoded(String text) {
    byte[] bytes = {};
    if (text.length() <= TEXT_MAX && isSealed(text)) {
      try {
        bytes = Base64.getUrlDecoder().decode(text.substring(START.length()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("its base64 is damaged");
      }
    }
    if (bytes.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
      throw new IllegalArgumentException("its sealing is cut or damaged");
    }
    return bytes;
  }

  private static Cipher cipher(int mode, byte[] master, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(derive(master, SEALING), "AES"),
        new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(bytes(place));
    return cipher;
  }

  private static byte[] derive(byte[] master, String purpose) {
    return hmac(master, bytes(purpose));
  }

  private static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
