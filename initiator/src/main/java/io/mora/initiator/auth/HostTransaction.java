package io.mora.initiator.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.ChapTransaction;
import io.mora.protocol.auth.DhExchange;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.message.AuthMessage;
import io.mora.protocol.auth.message.ChallengeMessage;
import io.mora.protocol.auth.message.FailureMessage;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.message.ReplyMessage;
import io.mora.protocol.auth.message.Success1Message;
import io.mora.protocol.auth.message.Success2Message;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import java.security.MessageDigest;
import java.security.SecureRandom;
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
  private @Nullable ChapTransaction agreed;

  private boolean refused;

  /** What the controller has to answer, or null if it is not asked. */
  private byte @Nullable [] expected;

  /**
   * @param id T_ID
   * @param sequence SEQNUM of this host's challenge, not 0
   */
  HostTransaction(
      DhchapOptions options, Nqn host, Nqn subsystem, SecureRandom random, int id, int sequence) {
    this.options = options;
    this.host = host;
    this.subsystem = subsystem;
    this.random = random;
    this.id = id;
    this.sequence = sequence;
  }

  NegotiateMessage negotiate() {
    return new NegotiateMessage(
        id, NegotiateMessage.NO_SECURE_CHANNEL, options.hashes(), options.groups());
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
    if (!options.hashes().contains(challenge.hash())) {
      throw new AuthException(AuthFailure.HASH_UNUSABLE, challenge.hash() + " was not offered");
    }
    if (!options.groups().contains(challenge.group())) {
      throw new AuthException(AuthFailure.GROUP_UNUSABLE, challenge.group() + " was not offered");
    }
    ChapTransaction terms =
        new ChapTransaction(
            challenge.hash(), id, NegotiateMessage.NO_SECURE_CHANNEL, host, subsystem);
    agreed = terms;
    DhExchange exchange = DhExchange.generate(challenge.group(), random);
    byte @Nullable [] session =
        exchange.sessionKey(challenge.dhValue().toArray(), challenge.hash());
    byte[] ca1 = terms.augmented(session, challenge.challenge().toArray());
    byte[] response = terms.hostResponse(options.secret(), ca1, challenge.sequence());
    byte[] own = new byte[challenge.hash().lengthBytes()];
    DhchapSecret controller = options.controllerSecret();
    if (controller != null) {
      random.nextBytes(own);
      byte[] ca2 = terms.augmented(session, own);
      expected = terms.controllerResponse(controller, ca2, sequence);
    }
    return new ReplyMessage(
        id,
        controller != null,
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
      return Optional.empty();
    }
    if (!success.responds()) {
      throw new AuthException(AuthFailure.FAILED, "the controller has not proved itself");
    }
    if (!MessageDigest.isEqual(wanted, success.response().toArray())) {
      throw new AuthException(AuthFailure.FAILED, "the controller's response is wrong");
    }
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
