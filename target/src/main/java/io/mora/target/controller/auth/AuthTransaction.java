package io.mora.target.controller.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.ChapTransaction;
import io.mora.protocol.auth.DhExchange;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
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
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The controller's side of the transactions of one queue, one after the other. One thread, but for
 * the work it hands out; knows neither commands nor time.
 */
final class AuthTransaction {
  /** What happens next. */
  enum Step {
    /** No transaction; the host may begin one. */
    IDLE,
    /** Work is under way. */
    COMPUTING,
    /** The host is to fetch the challenge. */
    CHALLENGE,
    /** The host is to reply. */
    REPLY,
    /** The host is to fetch its success. */
    SUCCESS1,
    /** The host is to say that the controller has proved itself, too. */
    SUCCESS2,
    /** It has made a key for TLS: the host comes back with that, and nothing more is done here. */
    SECURED,
    /** The host is to fetch why it failed. */
    FAILURE1,
    /** It failed: nothing more is said. */
    FAILED
  }

  private static final String GONE = "the host has no secret here any more";

  private final Supplier<@Nullable DhchapSpec> current;
  private final ChannelTerms terms;
  private final Nqn host;
  private final Nqn subsystem;
  private final SecureRandom random;
  private final IntSupplier sequences;

  /** The last that the host had; null if it had none since this queue began. */
  private @Nullable DhchapSpec keys;

  private Step step = Step.IDLE;
  private int transactionId;
  private boolean authenticated;
  private @Nullable ChapTransaction agreed;
  private @Nullable DhExchange exchange;
  private @Nullable ChallengeMessage challenge;
  private @Nullable Success1Message success;
  private @Nullable AuthException failure;

  /** The key of the transaction under way, when its reply was right. */
  private @Nullable TlsKey making;

  private @Nullable TlsKey made;

  /**
   * @param current the host's secret, the controller's for it, and what is good enough, or null if
   *     it has none any more; asked when a transaction begins and when it has made a key
   * @param terms what it may be for
   * @param sequences the next SEQNUM, never 0
   */
  AuthTransaction(
      Supplier<@Nullable DhchapSpec> current,
      ChannelTerms terms,
      Nqn host,
      Nqn subsystem,
      SecureRandom random,
      IntSupplier sequences) {
    this.current = current;
    this.terms = terms;
    this.authenticated = terms.isProved();
    this.keys = current.get();
    this.host = host;
    this.subsystem = subsystem;
    this.random = random;
    this.sequences = sequences;
  }

  Step step() {
    return step;
  }

  /** The host has proved itself, and no later transaction has failed. */
  boolean isAuthenticated() {
    return authenticated;
  }

  /** Why it failed, or null. */
  @Nullable AuthException failure() {
    return failure;
  }

  // --- Authentication Send

  /**
   * Takes a message of the host.
   *
   * @return work that has to be done before the host may fetch anything, or null
   */
  @Nullable AuthWork send(ByteBuf message) {
    if (step == Step.FAILURE1 || step == Step.FAILED) {
      return null;
    }
    try {
      return switch (AuthMessage.kind(message)) {
        case AuthMessage.NEGOTIATE -> negotiate(message);
        case AuthMessage.REPLY -> reply(message);
        case AuthMessage.SUCCESS2 -> success2(message);
        case AuthMessage.FAILURE2 -> failure2(message);
        default -> throw unexpected("message " + AuthMessage.kind(message));
      };
    } catch (AuthException e) {
      fail(e);
      return null;
    }
  }

  private AuthException unexpected(String what) {
    return new AuthException(AuthFailure.INCORRECT_MESSAGE, what + " when " + step);
  }

  private AuthWork negotiate(ByteBuf message) throws AuthException {
    if (step != Step.IDLE) {
      throw unexpected("Negotiate");
    }
    transactionId = AuthMessage.transactionId(message);
    DhchapSpec now = current.get();
    DhchapSpec allowed = now == null ? keys : now;
    keys = allowed;
    NegotiateMessage offer = NegotiateMessage.decode(message);
    if (!terms.allow(offer.secureChannel())) {
      throw new AuthException(
          AuthFailure.SECURE_CHANNEL_MISMATCH,
          "SC_C " + offer.secureChannel() + ", allowed here " + terms.allowed());
    }
    if (allowed == null) {
      throw new AuthException(AuthFailure.FAILED, GONE);
    }
    boolean makesKey = offer.secureChannel() != NegotiateMessage.NO_SECURE_CHANNEL;
    if (makesKey && now == null) {
      throw new AuthException(
          AuthFailure.SECURE_CHANNEL_MISMATCH, "SC_C " + offer.secureChannel() + ", and " + GONE);
    }
    List<DhchapHash> hashes = new ArrayList<>(allowed.hashes());
    List<DhchapGroup> groups = new ArrayList<>(allowed.groups());
    if (makesKey) {
      hashes.removeIf(each -> TlsHash.of(each) == null);
      groups.remove(DhchapGroup.NULL);
    }
    DhchapHash hash = firstOf(hashes, offer.hashes());
    if (hash == null) {
      throw new AuthException(
          AuthFailure.HASH_UNUSABLE, offer.hashes() + " offered, allowed " + hashes);
    }
    DhchapGroup group = firstOf(groups, offer.groups());
    if (group == null) {
      throw new AuthException(
          AuthFailure.GROUP_UNUSABLE, offer.groups() + " offered, allowed " + groups);
    }
    agreed = new ChapTransaction(hash, transactionId, offer.secureChannel(), host, subsystem);
    step = Step.COMPUTING;
    return () -> {
      DhExchange ours = DhExchange.generate(group, random);
      byte[] nonce = new byte[hash.lengthBytes()];
      random.nextBytes(nonce);
      return () -> challenge(group, ours, Bytes.of(nonce));
    };
  }

  /** The first of what we want that the host offers. */
  private static <T> @Nullable T firstOf(List<T> wanted, List<T> offered) {
    for (T each : wanted) {
      if (offered.contains(each)) {
        return each;
      }
    }
    return null;
  }

  private void challenge(DhchapGroup group, DhExchange ours, Bytes nonce) {
    ChapTransaction under = agreed;
    if (step != Step.COMPUTING || under == null) {
      return; // The host broke the order meanwhile.
    }
    exchange = ours;
    Bytes dhValue = Bytes.of(ours.publicValue());
    int sequence = sequences.getAsInt();
    challenge = new ChallengeMessage(transactionId, under.hash(), group, sequence, nonce, dhValue);
    step = Step.CHALLENGE;
  }

  private AuthWork reply(ByteBuf message) throws AuthException {
    ChapTransaction under = agreed;
    ChallengeMessage asked = challenge;
    DhExchange ours = exchange;
    DhchapSpec by = keys;
    if (step != Step.REPLY || under == null || asked == null || ours == null || by == null) {
      throw unexpected("Reply");
    }
    ReplyMessage reply = ReplyMessage.decode(message, under.hash());
    checkId(reply);
    if (under.secureChannel() != NegotiateMessage.NO_SECURE_CHANNEL && !reply.challenged()) {
      throw new AuthException(AuthFailure.INCORRECT_PAYLOAD, "CVALID 0, and a TLS key needs C2");
    }
    step = Step.COMPUTING;
    exchange = null; // Each is for one reply only.
    ReplyCheck check = new ReplyCheck(by, under, asked, ours);
    return () -> {
      try {
        ReplyCheck.Verified result = check.verify(reply);
        return new Right(result);
      } catch (AuthException e) {
        return () -> fail(e);
      }
    };
  }

  private void checkId(AuthMessage message) throws AuthException {
    if (message.transactionId() != transactionId) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD,
          "T_ID " + message.transactionId() + ", " + transactionId + " is under way");
    }
  }

  /** A reply was right. */
  private final class Right implements AuthWork.Outcome {
    private final ReplyCheck.Verified result;

    Right(ReplyCheck.Verified result) {
      this.result = result;
    }

    @Override
    public void apply() {
      verified(result);
    }

    @Override
    public void forget() {
      result.forget();
    }
  }

  private void verified(ReplyCheck.Verified result) {
    if (step == Step.COMPUTING) {
      success = result.answer();
      making = result.key();
      step = Step.SUCCESS1;
    } else {
      result.forget();
    }
  }

  private @Nullable AuthWork success2(ByteBuf message) throws AuthException {
    if (step != Step.SUCCESS2) {
      throw unexpected("Success2");
    }
    checkId(Success2Message.decode(message));
    done();
    return null;
  }

  private @Nullable AuthWork failure2(ByteBuf message) throws AuthException {
    if (step == Step.IDLE || step == Step.SECURED) {
      throw unexpected("Failure2");
    }
    FailureMessage told = FailureMessage.decode(message);
    checkId(told);
    fail(new AuthException(AuthFailure.FAILED, "the host ends it: " + told.reason()));
    step = Step.FAILED;
    return null;
  }

  private void done() {
    made = making;
    making = null;
    // Who is to come back over TLS is let in there.
    authenticated = made == null || terms.isProved();
    step = authenticated ? Step.IDLE : Step.SECURED;
    forget();
  }

  /** What the last transaction was about is still this host's. */
  boolean isCurrent() {
    return Authenticator.sameProof(keys, current.get());
  }

  /** The key that was made since this was last asked, or null. */
  @Nullable TlsKey takeKey() {
    TlsKey key = made;
    made = null;
    return key;
  }

  private void forget() {
    agreed = null;
    exchange = null;
    challenge = null;
    success = null;
    if (making != null) {
      making.wipe();
      making = null;
    }
  }

  private void fail(AuthException cause) {
    authenticated = false;
    failure = cause;
    step = Step.FAILURE1;
    forget();
  }

  /** Its queue is gone: no key is made any more. */
  void ended() {
    step = Step.FAILED;
    forget();
    TlsKey left = takeKey();
    if (left != null) {
      left.wipe();
    }
  }

  /** The time is up, or there is nobody to do its work: nothing more is said. */
  void abandon(String why) {
    fail(new AuthException(AuthFailure.FAILED, why));
    step = Step.FAILED;
  }

  // --- Authentication Receive

  /** What the host may fetch now; out of order, that it was wrong to ask. */
  AuthMessage next() {
    AuthMessage message =
        switch (step) {
          case CHALLENGE -> challenge;
          case SUCCESS1 -> success;
          default -> null;
        };
    if (message != null) {
      return message;
    }
    if (step != Step.FAILURE1 && step != Step.FAILED) {
      fail(unexpected("Authentication Receive"));
    }
    AuthException cause = failure;
    AuthFailure told = cause == null ? AuthFailure.FAILED : cause.failure();
    return new FailureMessage(transactionId, false, told);
  }

  /** The host has been given {@link #next}. */
  void fetched() {
    Success1Message told = success;
    switch (step) {
      case CHALLENGE -> step = Step.REPLY;
      case SUCCESS1 -> {
        if (told != null && told.responds()) {
          step = Step.SUCCESS2;
        } else {
          done();
        }
      }
      case FAILURE1 -> step = Step.FAILED;
      default -> {}
    }
  }
}
