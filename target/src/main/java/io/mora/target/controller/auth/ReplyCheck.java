package io.mora.target.controller.auth;

import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.ChapTransaction;
import io.mora.protocol.auth.DhExchange;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.message.ChallengeMessage;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.message.ReplyMessage;
import io.mora.protocol.auth.message.Success1Message;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.data.Bytes;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a host's reply is held against. Any thread.
 *
 * @param keys the host's secret, and the controller's for it
 * @param terms what was agreed on
 * @param asked the challenge
 * @param ours this side of the exchange
 */
record ReplyCheck(DhchapSpec keys, ChapTransaction terms, ChallengeMessage asked, DhExchange ours) {
  /**
   * What comes of a reply that is right.
   *
   * @param key for TLS, or null where the transaction is to make none
   */
  record Verified(Success1Message answer, @Nullable TlsKey key) {
    /** It is not wanted any more. */
    void forget() {
      if (key != null) {
        key.wipe();
      }
    }
  }

  /** Takes up to tens of milliseconds. */
  Verified verify(ReplyMessage reply) throws AuthException {
    byte @Nullable [] session = ours.sessionKey(reply.dhValue().toArray(), terms.hash());
    try {
      return verify(reply, session);
    } finally {
      if (session != null) {
        Arrays.fill(session, (byte) 0);
      }
    }
  }

  private Verified verify(ReplyMessage reply, byte @Nullable [] session) throws AuthException {
    byte[] ca1 = terms.augmented(session, asked.challenge().toArray());
    byte[] expected = terms.hostResponse(keys.key(), ca1, asked.sequence());
    if (!MessageDigest.isEqual(expected, reply.response().toArray())) {
      throw new AuthException(AuthFailure.FAILED, "the host's response is wrong");
    }
    if (!reply.wantsController()) {
      Bytes nothing = Bytes.zero(terms.hash().lengthBytes());
      return new Verified(new Success1Message(terms.id(), false, nothing), key(reply, session));
    }
    DhchapSecret secret = keys.controllerKey();
    if (secret == null) {
      throw new AuthException(
          AuthFailure.FAILED, "the host wants this controller proved, which has no key for that");
    }
    byte[] ca2 = terms.augmented(session, reply.challenge().toArray());
    byte[] response = terms.controllerResponse(secret, ca2, reply.sequence());
    Success1Message answer = new Success1Message(terms.id(), true, Bytes.of(response));
    return new Verified(answer, key(reply, session));
  }

  private @Nullable TlsKey key(ReplyMessage reply, byte @Nullable [] session) {
    if (terms.secureChannel() == NegotiateMessage.NO_SECURE_CHANNEL) {
      return null;
    }
    TlsHash hash = TlsHash.of(terms.hash());
    if (session == null || hash == null) {
      throw new IllegalStateException(terms.hash() + " was agreed on, and makes no key");
    }
    return TlsKey.generated(
        hash,
        session,
        asked.challenge().toArray(),
        reply.challenge().toArray(),
        terms.host(),
        terms.subsystem());
  }
}
