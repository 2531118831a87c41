package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
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
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.data.Bytes;
import io.mora.target.controller.auth.AuthTransaction.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random walks through the machine: nothing lets a host in but a whole and correct transaction. */
class AuthTransactionTest {
  private static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:host");
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:subsystem");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DhchapSecret KEY = DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM);
  private static final DhchapSecret CONTROLLER = DhchapSecret.generate(null, 64, RANDOM);
  private static final DhchapSpec KEYS = DhchapSpec.of(KEY).withControllerKey(CONTROLLER);

  private int sequence = 7;
  private @Nullable DhchapSpec now = KEYS;

  private AuthTransaction transaction() {
    return transaction(ChannelTerms.NONE);
  }

  private static final String DIGEST = "A".repeat(43) + "=";
  private static final PskIdentity OLD =
      new PskIdentity(1, true, TlsHash.SHA256, HOST, SUBSYSTEM, DIGEST);

  private AuthTransaction transaction(ChannelTerms terms) {
    return new AuthTransaction(() -> now, terms, HOST, SUBSYSTEM, RANDOM, () -> ++sequence);
  }

  private static NegotiateMessage offers(int secureChannel) {
    return new NegotiateMessage(
        7,
        secureChannel,
        List.of(DhchapHash.SHA512, DhchapHash.SHA256),
        List.of(DhchapGroup.NULL, DhchapGroup.FFDHE2048));
  }

  /** A right reply, and the key as the host has it. */
  private record Proof(ReplyMessage reply, TlsKey key) {}

  private static Proof proof(AuthTransaction transaction, int secureChannel, boolean both)
      throws AuthException {
    run(transaction, offers(secureChannel));
    ChallengeMessage challenge = (ChallengeMessage) fetch(transaction);
    assertThat(challenge.hash()).isEqualTo(DhchapHash.SHA256);
    assertThat(challenge.group()).isEqualTo(DhchapGroup.FFDHE2048);
    var agreed = new ChapTransaction(DhchapHash.SHA256, 7, secureChannel, HOST, SUBSYSTEM);
    DhExchange own = DhExchange.generate(challenge.group(), RANDOM);
    byte[] session =
        Objects.requireNonNull(own.sessionKey(challenge.dhValue().toArray(), DhchapHash.SHA256));
    byte[] ca1 = agreed.augmented(session, challenge.challenge().toArray());
    byte[] c2 = new byte[32];
    RANDOM.nextBytes(c2);
    Bytes response = Bytes.of(agreed.hostResponse(KEYS.key(), ca1, challenge.sequence()));
    Bytes value = Bytes.of(own.publicValue());
    byte[] c1 = challenge.challenge().toArray();
    return new Proof(
        new ReplyMessage(7, true, both ? 1 : 0, response, Bytes.of(c2), value),
        TlsKey.generated(TlsHash.SHA256, session, c1, c2, HOST, SUBSYSTEM));
  }

  /** A whole transaction with this SC_C; the key as the host has it. */
  private static TlsKey makesKey(AuthTransaction transaction, int secureChannel)
      throws AuthException {
    Proof proof = proof(transaction, secureChannel, false);
    run(transaction, proof.reply());
    assertThat(transaction.takeKey()).as("before the host knows").isNull();
    assertThat(fetch(transaction)).isInstanceOf(Success1Message.class);
    return proof.key();
  }

  @Test
  void withoutASecretNoKeyIsMade() throws AuthException {
    AuthTransaction over = transaction(ChannelTerms.of(TlsPolicy.CONCATENATED, OLD, true));
    now = null;
    run(over, offers(NegotiateMessage.REPLACE_TLS_PSK));
    assertThat(over.step()).isEqualTo(Step.FAILURE1);
    assertThat(over.failure()).hasMessageContaining("no secret here any more");
    now = KEYS;
    AuthTransaction meanwhile = transaction(ChannelTerms.of(TlsPolicy.ALLOWED, null, true));
    Proof proof = proof(meanwhile, NegotiateMessage.NEW_TLS_PSK, false);
    now = null;
    run(meanwhile, proof.reply());
    fetch(meanwhile);
    assertThat(meanwhile.takeKey()).isNotNull();
    assertThat(meanwhile.isCurrent()).as("what it was made by").isFalse();
  }

  /** It was taken away between Connect and the first message: no channel is to blame. */
  @Test
  void withoutASecretAtAllNothingIsProved() {
    now = null;
    AuthTransaction transaction = transaction();
    run(transaction, offers(0));
    AuthException failure = Objects.requireNonNull(transaction.failure());
    assertThat(failure.failure()).isEqualTo(AuthFailure.FAILED);
    assertThat(failure).hasMessageContaining("no secret here any more");
  }

  @Test
  void whatCountedWhenAKeyWasMadeHasToCountStill() throws AuthException {
    AuthTransaction transaction = transaction(ChannelTerms.of(TlsPolicy.CONCATENATED, OLD, true));
    makesKey(transaction, NegotiateMessage.REPLACE_TLS_PSK);
    assertThat(transaction.isCurrent()).isTrue();
    for (DhchapSpec other :
        List.of(
            DhchapSpec.of(KEY),
            DhchapSpec.of(CONTROLLER),
            KEYS.withHashes(DhchapHash.SHA384),
            KEYS.withGroups(DhchapGroup.FFDHE8192))) {
      now = other;
      assertThat(transaction.isCurrent()).as("%s", other).isFalse();
    }
    now = new DhchapSpec(KEY, CONTROLLER, KEYS.hashes(), KEYS.groups(), "another.file", null);
    assertThat(transaction.isCurrent()).isTrue();
  }

  @Test
  void aKeyThatNobodyTakesIsOverwritten() throws AuthException {
    ChannelTerms terms = ChannelTerms.of(TlsPolicy.CONCATENATED, null, true);
    AuthTransaction transaction = transaction(terms);
    Proof proof = proof(transaction, NegotiateMessage.NEW_TLS_PSK, false);
    AuthWork work = Objects.requireNonNull(transaction.send(proof.reply().toBuf()));
    AuthWork.Outcome outcome = work.compute();
    outcome.forget();
    outcome.apply();
    fetch(transaction);
    TlsKey left = Objects.requireNonNull(transaction.takeKey());
    assertThatThrownBy(left::copy).hasMessageContaining("was forgotten");
    // Its queue ends between Success1 and Success2.
    AuthTransaction gone = transaction(terms);
    run(gone, proof(gone, NegotiateMessage.NEW_TLS_PSK, true).reply());
    fetch(gone);
    assertThat(gone.step()).isEqualTo(Step.SUCCESS2);
    gone.ended();
    run(gone, new Success2Message(7));
    assertThat(gone.takeKey()).isNull();
    assertThat(gone.isAuthenticated()).isFalse();
  }

  /** What is computed behind the end of the shard. */
  @Test
  void workThatNobodyWaitsForIsForgotten() {
    AtomicBoolean forgotten = new AtomicBoolean();
    AuthWork.Outcome outcome =
        new AuthWork.Outcome() {
          @Override
          public void apply() {
            throw new AssertionError("nobody is there");
          }

          @Override
          public void forget() {
            forgotten.set(true);
          }
        };
    Executor stopped =
        task -> {
          throw new RejectedExecutionException("stopped");
        };
    Authenticator.run(stopped, () -> outcome, told -> {});
    assertThat(forgotten).isTrue();
  }

  @Test
  void aKeyThatIsMadeOnPlainTcpLetsNobodyIn() throws AuthException {
    for (TlsPolicy policy : List.of(TlsPolicy.CONCATENATED, TlsPolicy.ALLOWED)) {
      AuthTransaction transaction = transaction(ChannelTerms.of(policy, null, true));
      TlsKey expected = makesKey(transaction, NegotiateMessage.NEW_TLS_PSK);
      assertThat(transaction.isAuthenticated()).isFalse();
      assertThat(transaction.step()).isEqualTo(Step.SECURED);
      assertThat(Objects.requireNonNull(transaction.takeKey()).identity())
          .isEqualTo(expected.identity());
      assertThat(transaction.takeKey()).isNull();
      run(transaction, offer(1));
      assertThat(transaction.step()).as("nor what follows").isEqualTo(Step.FAILURE1);
    }
  }

  /** Over TLS by a key that was made before: a new one takes its place. */
  @Test
  void aKeyIsReplacedOverTls() throws AuthException {
    ChannelTerms terms = ChannelTerms.of(TlsPolicy.CONCATENATED, OLD, true);
    AuthTransaction transaction = transaction(terms);
    for (int i = 0; i < 2; i++) {
      assertThat(transaction.isAuthenticated()).isTrue();
      TlsKey expected = makesKey(transaction, NegotiateMessage.REPLACE_TLS_PSK);
      assertThat(Objects.requireNonNull(transaction.takeKey()).identity())
          .isEqualTo(expected.identity());
      assertThat(transaction.step()).isEqualTo(Step.IDLE);
    }
    assertThat(transaction.isAuthenticated()).isTrue();
  }

  /** SC_C 0 to 3 by port and connection; "0 and 2" is what a refusal says. */
  @Test
  void whatATransactionMayBeFor() {
    PskIdentity given = new PskIdentity(1, false, TlsHash.SHA256, HOST, SUBSYSTEM, DIGEST);
    assertThat(ChannelTerms.of(TlsPolicy.NONE, null, true).allowed()).isEqualTo("0");
    assertThat(ChannelTerms.of(TlsPolicy.ALLOWED, null, true).allowed()).isEqualTo("0 and 2");
    assertThat(ChannelTerms.of(TlsPolicy.ALLOWED, null, false).allowed()).isEqualTo("0");
    assertThat(ChannelTerms.of(TlsPolicy.CONCATENATED, null, true).allowed()).isEqualTo("2");
    assertThat(ChannelTerms.of(TlsPolicy.CONCATENATED, null, false).allowed())
        .isEqualTo("none on this queue");
    for (TlsPolicy policy : TlsPolicy.values()) {
      assertThat(ChannelTerms.of(policy, given, true).allowed()).isEqualTo("0");
      assertThat(ChannelTerms.of(policy, OLD, true).allowed()).isEqualTo("0 and 3");
      assertThat(ChannelTerms.of(policy, OLD, false).allowed()).isEqualTo("0");
      for (PskIdentity identity : Arrays.asList(null, given, OLD)) {
        for (boolean admin : new boolean[] {false, true}) {
          ChannelTerms terms = ChannelTerms.of(policy, identity, admin);
          for (int sc = 0; sc <= 255; sc++) {
            assertThat(terms.allow(sc))
                .isEqualTo(terms.allowed().matches("(.* )?" + sc + "( .*)?"));
          }
        }
      }
    }
  }

  private static NegotiateMessage offer(int id) {
    return new NegotiateMessage(id, 0, List.of(DhchapHash.SHA384), List.of(DhchapGroup.NULL));
  }

  private static ReplyMessage reply(ChallengeMessage to, DhchapSecret with, boolean both) {
    ChapTransaction terms = new ChapTransaction(to.hash(), to.transactionId(), 0, HOST, SUBSYSTEM);
    byte[] response = terms.hostResponse(with, to.challenge().toArray(), to.sequence());
    int hl = to.hash().lengthBytes();
    return new ReplyMessage(
        to.transactionId(), both, both ? 1 : 0, Bytes.of(response), Bytes.zero(hl), Bytes.zero(0));
  }

  private static void run(AuthTransaction on, AuthMessage message) {
    AuthWork work = on.send(message.toBuf());
    if (work != null) {
      work.compute().apply();
    }
  }

  private static AuthMessage fetch(AuthTransaction from) {
    AuthMessage message = from.next();
    from.fetched();
    return message;
  }

  @Test
  void lateWorkOfABrokenTransactionIsDropped() {
    AuthTransaction transaction = transaction();
    AuthWork work = Objects.requireNonNull(transaction.send(offer(1).toBuf()));
    transaction.send(offer(2).toBuf());
    assertThat(transaction.step()).isEqualTo(Step.FAILURE1);
    work.compute().apply();
    assertThat(transaction.step()).isEqualTo(Step.FAILURE1);
    assertThat(fetch(transaction)).isInstanceOf(FailureMessage.class);
    assertThat(transaction.step()).isEqualTo(Step.FAILED);
    assertThat(transaction.send(offer(3).toBuf())).isNull();
    assertThat(transaction.step()).isEqualTo(Step.FAILED);
  }

  @Test
  void failuresNameNoSecret() {
    AuthTransaction transaction = transaction();
    run(transaction, offer(1));
    ChallengeMessage challenge = (ChallengeMessage) fetch(transaction);
    run(transaction, reply(challenge, CONTROLLER, false));
    AuthException failure = Objects.requireNonNull(transaction.failure());
    assertThat(failure.getMessage())
        .contains("authentication failed")
        .doesNotContain(KEY.reveal().substring(10, 20));
    assertThat(KEYS.toString())
        .doesNotContain(KEY.reveal().substring(10, 20))
        .doesNotContain(CONTROLLER.reveal().substring(10, 20));
  }

  /** Each walk is one seed of twenty steps; work may be done at any later time. */
  @Property(tries = 2000)
  void onlyAWholeTransactionAuthenticates(@ForAll long seed) {
    Random random = new Random(seed);
    AuthTransaction transaction = transaction();
    ArrayDeque<AuthWork> waiting = new ArrayDeque<>();
    AuthMessage last = new Success2Message(0);
    boolean sentGoodReply = false;
    boolean fetchedSuccess = false;
    for (int i = 0; i < 20; i++) {
      boolean before = transaction.isAuthenticated();
      boolean earned = false;
      switch (random.nextInt(8)) {
        case 0 -> add(waiting, transaction.send(offer(random.nextInt(3)).toBuf()));
        case 1, 2 -> {
          last = fetch(transaction);
          fetchedSuccess = AuthMessage.kind(last.toBuf()) == AuthMessage.SUCCESS1;
          earned = fetchedSuccess && sentGoodReply;
        }
        case 3, 4 -> {
          if (last instanceof ChallengeMessage challenge) {
            boolean good = random.nextInt(4) != 0;
            boolean both = random.nextBoolean();
            add(waiting, transaction.send(reply(challenge, good ? KEY : CONTROLLER, both).toBuf()));
            sentGoodReply = good;
          }
        }
        case 5 -> {
          Success2Message end = new Success2Message(last.transactionId());
          add(waiting, transaction.send(end.toBuf()));
          earned = fetchedSuccess && sentGoodReply;
        }
        case 6 -> {
          byte[] junk = new byte[random.nextInt(120)];
          random.nextBytes(junk);
          ByteBuf buf = Unpooled.wrappedBuffer(junk);
          if (AuthMessage.kind(buf) != AuthMessage.NEGOTIATE && random.nextInt(3) == 0) {
            add(waiting, transaction.send(buf));
          }
        }
        default -> {
          AuthWork work = waiting.poll();
          if (work != null) {
            work.compute().apply();
          }
        }
      }
      if (transaction.isAuthenticated() && !before) {
        assertThat(earned).as("let in at step %s", i).isTrue();
      }
      if (transaction.failure() != null) {
        assertThat(transaction.isAuthenticated()).isFalse();
        assertThat(transaction.step()).isIn(Step.FAILURE1, Step.FAILED);
      }
    }
  }

  private static void add(ArrayDeque<AuthWork> waiting, @Nullable AuthWork work) {
    if (work != null) {
      waiting.add(work);
    }
  }

  @Test
  void aGoodWalkEndsWell() {
    for (boolean both : new boolean[] {false, true}) {
      AuthTransaction transaction = transaction();
      for (int round = 0; round < 3; round++) {
        run(transaction, offer(round));
        ChallengeMessage challenge = (ChallengeMessage) fetch(transaction);
        run(transaction, reply(challenge, KEY, both));
        fetch(transaction);
        assertThat(transaction.isAuthenticated()).isEqualTo(!both || round > 0);
        if (both) {
          run(transaction, new Success2Message(round));
        }
        assertThat(transaction.isAuthenticated()).isTrue();
        assertThat(transaction.step()).isEqualTo(Step.IDLE);
      }
    }
  }
}
