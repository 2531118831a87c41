package io.mora.protocol.auth;

import io.mora.protocol.Nqn;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What both ends agree on in one transaction, and the responses that prove a key under it. SC_C is
 * part of both responses, as Linux (7.3) has it.
 *
 * @param hash the one that was chosen
 * @param id T_ID
 * @param secureChannel SC_C
 */
public record ChapTransaction(DhchapHash hash, int id, int secureChannel, Nqn host, Nqn subsystem) {
  private static final byte[] ZERO = {0};

  /** The host's answer to a challenge that is {@link #augmented} already. */
  public byte[] hostResponse(DhchapSecret secret, byte[] augmented, int sequence) {
    return hash.hmac(
        secret.keyFor(host),
        augmented,
        numbers(sequence),
        text("HostHost"),
        text(host.value()),
        ZERO,
        text(subsystem.value()));
  }

  /** The controller's answer to a challenge that is {@link #augmented} already. */
  public byte[] controllerResponse(DhchapSecret secret, byte[] augmented, int sequence) {
    return hash.hmac(
        secret.keyFor(subsystem),
        augmented,
        numbers(sequence),
        text("Controller"),
        text(subsystem.value()),
        ZERO,
        text(host.value()));
  }

  /** The challenge that is answered: bound to the session's key where there is one. */
  public byte[] augmented(byte @Nullable [] sessionKey, byte[] challenge) {
    return sessionKey == null ? challenge : hash.hmac(sessionKey, challenge);
  }

  private byte[] numbers(int sequence) {
    return new byte[] {
      (byte) sequence,
      (byte) (sequence >>> 8),
      (byte) (sequence >>> 16),
      (byte) (sequence >>> 24),
      (byte) id,
      (byte) (id >>> 8),
      (byte) secureChannel
    };
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
