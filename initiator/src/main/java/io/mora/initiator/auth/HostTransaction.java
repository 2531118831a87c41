package io.mora.initiator.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.ChapTransaction;
import io.mora.protocol.auth.DhExchange;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.message.AuthMessage;
import io.mora.protocol.auth.message.ChallengeMessage;
import io.mora.protocol.auth.message.FailureMessage;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.message.ReplyMessage;
import io.mora.protocol.auth.message.Success1Message;
import io.mora.protocol.auth.message.Success2Message;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of one transaction: the messages in their order. One call at a time; knows
 * neither queue nor time.
 */
final class HostTransaction {
  private final DhchapOptions options;
  private final Nqn host;
  private final Nqn subsystem;
  private final SecureRandom random;
  private final int id;
  private final int sequence;
  private final int secureChannel;
  private @Nullable ChapTransaction agreed;

  private @Nullable TlsKey making;
  private @Nullable TlsKey key;

  private boolean refused;

  /** What the controller has to answer, or null if it is not asked. */
  private byte @Nullable [] expected;

  /**
   * @param numbers T_ID, SEQNUM and SC_C
   */
  HostTransaction(
      DhchapOptions options, Nqn host, Nqn subsystem, SecureRandom random, Numbers numbers) {
    this.options = options;
    this.host = host;
    this.subsystem = subsystem;
    this.random = random;
    this.id = numbers.id;
    this.sequence = numbers.sequence;
    this.secureChannel = numbers.secureChannel;
  }

  /**
   * What tells a transaction from others.
   *
   * @param id T_ID
   * @param sequence SEQNUM of this host's challenge, not 0
   * @param secureChannel SC_C
   */
  record Numbers(int id, int sequence, int secureChannel) {}

  private boolean makesKey() {
    return secureChannel != NegotiateMessage.NO_SECURE_CHANNEL;
  }

  NegotiateMessage negotiate() {
    return new NegotiateMessage(id, secureChannel, hashes(), groups());
  }

  /** A key for TLS is of two of the hashes. */
  private List<DhchapHash> hashes() {
    return options.hashes().stream()
        .filter(each -> !makesKey() || TlsHash.of(each) != null)
        .toList();
  }

  /** It is made of the secret that both have agreed on. */
  private List<DhchapGroup> groups() {
    return options.groups().stream()
        .filter(each -> !makesKey() || each != DhchapGroup.NULL)
        .toList();
  }

  /** The key that was made, once {@link #finish} has found all in order; null if none was. */
  @Nullable TlsKey key() {
    return key;
  }

  /** It has failed: no key comes of it. */
  void forget() {
    if (making != null) {
      making.wipe();
    }
    making = null;
    key = null;
  }

  /** It was the controller that gave up: it need not be told. */
  boolean isRefused() {
    return refused;
  }

  /** What the controller is told if this host gives up. */
  FailureMessage failure(AuthFailure why) {
    return new FailureMessage(id, true, why);
  }

  /** Answers the challenge. Takes up to tens of milliseconds. */
  ReplyMessage reply(ByteBuf message) throws AuthException {
    expect(message, AuthMessage.CHALLENGE);
    ChallengeMessage challenge = ChallengeMessage.decode(message);
    if (!hashes().contains(challenge.hash())) {
      throw new AuthException(AuthFailure.HASH_UNUSABLE, challenge.hash() + " was not offered");
    }
    if (!groups().contains(challenge.group())) {
      throw new AuthException(AuthFailure.GROUP_UNUSABLE, challenge.group() + " was not offered");
    }
    ChapTransaction terms =
        new ChapTransaction(challenge.hash(), id, secureChannel, host, subsystem);
    agreed = terms;
    DhExchange exchange = DhExchange.generate(challenge.group(), random);
    byte @Nullable [] session =
        exchange.sessionKey(challenge.dhValue().toArray(), challenge.hash());
    try {
      return reply(terms, challenge, exchange, session);
    } finally {
      if (session != null) {
        Arrays.fill(session, (byte) 0);
      }
    }
  }

  private ReplyMessage reply(
      ChapTransaction terms,
      ChallengeMessage challenge,
      DhExchange exchange,
      byte @Nullable [] session) {
    byte[] ca1 = terms.augmented(session, challenge.challenge().toArray());
    byte[] response = terms.hostResponse(options.secret(), ca1, challenge.sequence());
    byte[] own = new byte[challenge.hash().lengthBytes()];
    DhchapSecret controller = options.controllerSecret();
    if (controller != null || makesKey()) {
      random.nextBytes(own);
    }
    TlsHash tlsHash = TlsHash.of(challenge.hash());
    if (makesKey() && session != null && tlsHash != null) {
      making =
          TlsKey.generated(tlsHash, session, challenge.challenge().toArray(), own, host, subsystem);
    }
    if (controller != null) {
      byte[] ca2 = terms.augmented(session, own);
      expected = terms.controllerResponse(controller, ca2, sequence);
    }
    return new ReplyMessage(
        id,
        controller != null || makesKey(),
        controller != null ? sequence : 0,
        Bytes.of(response),
        Bytes.of(own),
        Bytes.of(exchange.publicValue()));
  }

  /** Checks the controller's answer; and says what to tell it, if anything. */
  Optional<Success2Message> finish(ByteBuf message) throws AuthException {
    ChapTransaction terms = agreed;
    expect(message, AuthMessage.SUCCESS1);
    if (terms == null) {
      throw new AuthException(AuthFailure.INCORRECT_MESSAGE, "Success1 before Challenge");
    }
    Success1Message success = Success1Message.decode(message, terms.hash());
    byte[] wanted = expected;
    if (wanted == null) {
      key = making;
      return Optional.empty();
    }
    if (!success.responds()) {
      throw new AuthException(AuthFailure.FAILED, "the controller has not proved itself");
    }
    if (!MessageDigest.isEqual(wanted, success.response().toArray())) {
      throw new AuthException(AuthFailure.FAILED, "the controller's response is wrong");
    }
    key = making;
    return Optional.of(new Success2Message(id));
  }

  private void expect(ByteBuf message, int kind) throws AuthException {
    int got = AuthMessage.kind(message);
    if (got == AuthMessage.FAILURE1) {
      FailureMessage told = FailureMessage.decode(message);
      AuthFailure known = AuthFailure.of(told.explanation());
      refused = true;
      throw new AuthException(
          known == null ? AuthFailure.FAILED : known,
          "so says the controller (explanation " + told.explanation() + ")");
    }
    if (got != kind) {
      throw new AuthException(
          AuthFailure.INCORRECT_MESSAGE, "message " + got + " where " + kind + " is due");
    }
    if (AuthMessage.transactionId(message) != id) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD,
          "T_ID " + AuthMessage.transactionId(message) + ", " + id + " is under way");
    }
  }
}
