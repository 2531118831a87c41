package io.mora.target.controller.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.ChapTransaction;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.message.AuthMessage;
import io.mora.protocol.auth.message.ChallengeMessage;
import io.mora.protocol.auth.message.FailureMessage;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.message.ReplyMessage;
import io.mora.protocol.auth.message.Success2Message;
import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
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

  private AuthTransaction transaction() {
    return new AuthTransaction(() -> KEYS, HOST, SUBSYSTEM, RANDOM, () -> ++sequence);
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
    assertThat(transaction.step()).isEqualTo(AuthTransaction.Step.FAILURE1);
    work.compute().apply();
    assertThat(transaction.step()).isEqualTo(AuthTransaction.Step.FAILURE1);
    assertThat(fetch(transaction)).isInstanceOf(FailureMessage.class);
    assertThat(transaction.step()).isEqualTo(AuthTransaction.Step.FAILED);
    assertThat(transaction.send(offer(3).toBuf())).isNull();
    assertThat(transaction.step()).isEqualTo(AuthTransaction.Step.FAILED);
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
        assertThat(transaction.step())
            .isIn(AuthTransaction.Step.FAILURE1, AuthTransaction.Step.FAILED);
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
        assertThat(transaction.step()).isEqualTo(AuthTransaction.Step.IDLE);
      }
    }
  }
}
