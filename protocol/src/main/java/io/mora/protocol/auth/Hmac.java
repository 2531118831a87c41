package io.mora.protocol.auth;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC with SHA-2. */
public final class Hmac {
  private Hmac() {}

  /**
   * Of parts one behind the other.
   *
   * @param hash SHA256, SHA384 or SHA512
   */
  public static byte[] of(String hash, byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("Hmac" + hash);
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC with SHA-2", e);
    }
  }
}
