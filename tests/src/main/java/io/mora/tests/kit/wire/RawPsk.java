package io.mora.tests.kit.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Identity and key as other peers are given them; computed from the wire reference alone. */
public record RawPsk(String identity, String keyHex) {

  /** Of a configured key of 32 bytes that is bound to its host's name (01), under identity v1. */
  public static RawPsk of(byte[] configured, String host, String subsystem) {
    byte[] zero = new byte[32];
    byte[] retained = expand(hmac(zero, configured), "HostNQN", host);
    return of("NVMe1R01 ", retained, host, subsystem);
  }

  /**
   * That of a proof with SHA-256.
   *
   * @param session the session key of its Diffie-Hellman exchange
   * @param c1 the controller's challenge
   * @param c2 the host's
   */
  static RawPsk generated(byte[] session, byte[] c1, byte[] c2, String host, String subsystem) {
    byte[] both = Arrays.copyOf(c1, c1.length + c2.length);
    System.arraycopy(c2, 0, both, c1.length, c2.length);
    return of("NVMe1G01 ", hmac(session, both), host, subsystem);
  }

  private static RawPsk of(String head, byte[] retained, String host, String subsystem) {
    byte[] zero = new byte[32];
    String digest =
        Base64.getEncoder()
            .encodeToString(hmac(retained, text(host + " " + subsystem + " NVMe-over-Fabrics")));
    byte[] key = expand(hmac(zero, retained), "nvme-tls-psk", "01 " + digest);
    return new RawPsk(head + host + " " + subsystem + " " + digest, HexFormat.of().formatHex(key));
  }

  /** HKDF-Expand-Label of one block. */
  private static byte[] expand(byte[] secret, String label, String context) {
    byte[] name = text("tls13 " + label);
    byte[] ctx = text(context);
    byte[] info = new byte[4 + name.length + ctx.length + 1];
    info[1] = 32;
    info[2] = (byte) name.length;
    System.arraycopy(name, 0, info, 3, name.length);
    info[3 + name.length] = (byte) ctx.length;
    System.arraycopy(ctx, 0, info, 4 + name.length, ctx.length);
    info[info.length - 1] = 1;
    return Arrays.copyOf(hmac(secret, info), 32);
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
