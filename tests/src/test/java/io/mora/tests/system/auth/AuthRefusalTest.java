package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.Received;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Section 5: messages that are wrong, late, twice, too weak or too long. */
@Covers("auth")
class AuthRefusalTest extends AuthConformance {
  private static void send(RawHost host, byte[] message) {
    assertOk(host.run(RawChap.send(host.cid(), message)));
  }

  private static byte[] with(byte[] message, int at, int value) {
    byte[] spoilt = message.clone();
    spoilt[at] = (byte) value;
    return spoilt;
  }

  private void negotiateFails(String hostNqn, byte[] message, int explanation) {
    try (RawHost host = connected(hostNqn)) {
      send(host, message);
      assertFails(host, explanation);
    }
  }

  /** A correct reply, spoilt. */
  private void replyFails(int number, int group, UnaryOperator<byte[]> spoil, int explanation) {
    try (RawHost host = connected(number)) {
      byte[] challenge =
          RawChap.exchange(host, RawChap.negotiate(9, new int[] {SHA256}, new int[] {group}));
      send(host, spoil.apply(chap(number).reply(challenge, false)));
      assertFails(host, explanation);
    }
  }

  @Covers("auth.tls")
  @Test
  void policyTooWeakOrUnknown() {
    String strict = Doors.STRICT;
    int[] every = {1, 2, 3};
    negotiateFails(strict, RawChap.negotiate(1, new int[] {1, 2}, new int[] {0, 1, 2}), HASH);
    negotiateFails(strict, RawChap.negotiate(1, every, new int[] {0, 1, 3}), GROUP);
    RawChap chap =
        new RawChap(strict, Doors.SUBSYSTEM, Doors.key(0), Doors.controllerKey(0), random);
    try (RawHost host = connected(strict)) {
      byte[] challenge =
          RawChap.exchange(host, RawChap.negotiate(2, every, new int[] {0, 1, 2, 3, 4, 5}));
      assertThat(challenge[8]).as("HashID").isEqualTo((byte) 3);
      assertThat(challenge[9]).as("DHgID").isEqualTo((byte) 2);
      byte[] success = RawChap.exchange(host, chap.reply(challenge, true));
      assertThat(chap.proves(success)).isTrue();
    }
    negotiateFails(Doors.host(20), RawChap.negotiate(1, new int[] {4, 99}, new int[] {0}), HASH);
    negotiateFails(
        Doors.host(20), RawChap.negotiate(1, new int[] {1}, new int[] {0x10, 0x20}), GROUP);
    negotiateFails(Doors.host(20), with(offer(1), 8, 2), PROTOCOL);
    for (int channel = 1; channel <= 3; channel++) {
      negotiateFails(Doors.host(20 + channel), with(offer(1), 6, channel), CHANNEL);
    }
  }

  @Test
  void negotiateThatIsNoMessage() {
    negotiateFails(Doors.host(24), with(offer(1), 7, 0), PAYLOAD);
    negotiateFails(Doors.host(24), with(offer(1), 7, 2), PAYLOAD);
    negotiateFails(Doors.host(24), with(offer(1), 10, 31), PAYLOAD);
    negotiateFails(Doors.host(25), Arrays.copyOf(offer(1), 68), PAYLOAD);
    negotiateFails(Doors.host(25), Arrays.copyOf(offer(1), 76), PAYLOAD);
    negotiateFails(Doors.host(25), Arrays.copyOf(offer(1), 4), MESSAGE);
    negotiateFails(Doors.host(26), with(offer(1), 1, 9), MESSAGE);
    negotiateFails(Doors.host(26), with(offer(1), 0, 2), MESSAGE);
  }

  @Test
  void repliesThatDoNotFit() {
    replyFails(27, NO_DH, reply -> with(reply, 4, 8), PAYLOAD); // T_ID
    replyFails(27, NO_DH, reply -> with(reply, 6, 48), PAYLOAD); // HL
    replyFails(27, NO_DH, reply -> Arrays.copyOf(reply, reply.length - 4), PAYLOAD);
    replyFails(28, NO_DH, reply -> Arrays.copyOf(reply, reply.length + 4), PAYLOAD);
    replyFails(28, NO_DH, reply -> Arrays.copyOf(reply, 8), PAYLOAD);
    replyFails(28, NO_DH, reply -> with(reply, 16, reply[16] + 1), FAILED);
    replyFails(29, NO_DH, reply -> with(reply, 47, reply[47] ^ 1), FAILED);
    replyFails(29, FFDHE2048, reply -> with(reply, 16 + 64 + 255, reply[335] ^ 1), FAILED);
  }

  @Test
  void publicValuesThatWouldGiveTheKeyAway() {
    BigInteger prime = RawChap.prime(FFDHE2048);
    BigInteger[] bad = {BigInteger.ZERO, BigInteger.ONE, prime.subtract(BigInteger.ONE), prime};
    for (int i = 0; i < bad.length; i++) {
      byte[] value = RawChap.padded(bad[i], 256);
      replyFails(
          30 + i / 2,
          FFDHE2048,
          reply -> {
            byte[] spoilt = reply.clone();
            System.arraycopy(value, 0, spoilt, 16 + 64, 256);
            return spoilt;
          },
          PAYLOAD);
    }
    // Without a value where one is due.
    replyFails(32, FFDHE2048, reply -> with(with(Arrays.copyOf(reply, 80), 10, 0), 11, 0), PAYLOAD);
  }

  @Test
  void anOldAnswerIsNoAnswer() {
    byte[] recorded;
    try (RawHost host = connected(33)) {
      recorded = chap(33).reply(RawChap.exchange(host, offer(9)), false);
      assertThat(RawChap.describe(RawChap.exchange(host, recorded))).startsWith("message 1/3");
      // The same again, on the same queue: no transaction is under way.
      send(host, recorded);
      assertFails(host, MESSAGE);
    }
    try (RawHost host = connected(33)) {
      RawChap.exchange(host, offer(9));
      send(host, recorded);
      assertFails(host, FAILED);
    }
    try (RawHost host = connected(33)) {
      RawChap.exchange(host, offer(9));
      send(host, recorded.clone());
      send2Refused(host);
    }
  }

  /** After a failure there is nothing more to say. */
  private static void send2Refused(RawHost host) {
    assertRefused(host.run(RawChap.send(host.cid(), offer(10))), 0x00C);
    assertFails(host, FAILED);
  }

  @Test
  void challengesDiffer() {
    try (RawHost one = connected(34);
        RawHost other = connected(34)) {
      byte[] first = RawChap.exchange(one, offer(1));
      byte[] second = RawChap.exchange(other, offer(1));
      assertThat(Arrays.copyOfRange(first, 16, 48))
          .isNotEqualTo(Arrays.copyOfRange(second, 16, 48));
      assertThat(Arrays.copyOfRange(first, 12, 16))
          .as("SEQNUM")
          .isNotEqualTo(Arrays.copyOfRange(second, 12, 16));
    }
  }

  @Test
  void messagesOutOfOrder() {
    byte[] reply;
    try (RawHost host = connected(35)) {
      assertFailure1(RawChap.fetch(host), MESSAGE); // nothing was said yet
      assertThat(host.isAtEnd()).isTrue();
    }
    try (RawHost host = connected(35)) {
      reply = chap(35).reply(RawChap.exchange(host, offer(1)), false);
      send(host, offer(2)); // Negotiate where a reply is due
      assertFails(host, MESSAGE);
    }
    try (RawHost host = connected(35)) {
      send(host, reply); // first of all
      assertFails(host, MESSAGE);
    }
    try (RawHost host = connected(36)) {
      send(host, offer(1));
      send(host, chap(36).reply(fakeChallenge(), false)); // the challenge was not fetched
      assertFails(host, MESSAGE);
    }
    try (RawHost host = connected(36)) {
      RawChap.exchange(host, offer(1));
      assertFails(host, MESSAGE); // fetched twice
    }
    try (RawHost host = connected(37)) {
      byte[] challenge = RawChap.exchange(host, offer(1));
      send(host, chap(37).reply(challenge, true));
      send(host, RawChap.success2(1)); // Success1 was not fetched
      assertFails(host, MESSAGE);
    }
    try (RawHost host = connected(37)) {
      byte[] challenge = RawChap.exchange(host, offer(1));
      RawChap.exchange(host, chap(37).reply(challenge, true));
      send(host, RawChap.success2(2)); // T_ID
      assertFails(host, PAYLOAD);
    }
    try (RawHost host = connected(38)) {
      send(host, RawChap.failure2(1));
      assertFails(host, MESSAGE);
    }
  }

  private static byte[] fakeChallenge() {
    byte[] challenge = new byte[48];
    challenge[0] = 1;
    challenge[1] = 1;
    challenge[4] = 1;
    challenge[6] = 32;
    challenge[8] = SHA256;
    challenge[12] = 1;
    return challenge;
  }

  @Test
  void commandsWhoseFieldsAreWrong() {
    int sqe = Capsules.SQE;
    byte[] offer = offer(1);
    try (RawHost host = connected(39)) {
      for (int field : new int[] {41, 42, 43}) {
        Frame bad = RawChap.send(host.cid(), offer).put(sqe + field, 1, 2);
        assertRefused(host.run(bad), INVALID_FIELD);
        Frame badReceive = RawChap.receive(host.cid(), 4096).put(sqe + field, 1, 2);
        assertRefused(host.run(badReceive), INVALID_FIELD);
      }
      assertRefused(host.run(RawChap.send(host.cid(), offer).put(sqe + 44, 4, 0)), INVALID_FIELD);
      assertRefused(host.run(RawChap.send(host.cid(), offer).put(sqe + 44, 4, 68)), 0x00F);
      assertRefused(host.run(RawChap.send(host.cid(), offer).put(sqe + 1, 1, 0)), INVALID_FIELD);
      assertRefused(host.run(RawChap.send(host.cid(), new byte[4100])), INVALID_FIELD);
      assertRefused(host.run(RawChap.receive(host.cid(), 8192)), INVALID_FIELD);
      assertRefused(host.run(RawChap.receive(host.cid(), 4096).put(sqe + 44, 4, 2048)), 0x00F);
      // None of that was a message: all goes on, also after asking with too little room.
      assertOk(host.run(RawChap.send(host.cid(), offer)));
      assertRefused(host.run(RawChap.receive(host.cid(), 40)), INVALID_FIELD);
      byte[] reply = chap(39).reply(RawChap.fetch(host), false);
      assertThat(RawChap.describe(RawChap.exchange(host, reply))).startsWith("message 1/3");
      assertLetIn(host);
    }
  }

  /** Who keeps asking why is cut all the same. */
  @Test
  void theReasonIsToldForAWhileOnly() {
    try (RawHost host = connected(42)) {
      send(host, offer(1));
      send(host, offer(2));
      assertFailure1(RawChap.fetch(host), MESSAGE);
      int asked = 0;
      while (fetchLast(host) != null) {
        asked++;
      }
      assertThat(asked).as("answers until the end").isPositive();
    }
  }

  /** The next PDU of the answer to another Receive; null when the connection has ended. */
  private static @Nullable Received fetchLast(RawHost host) {
    try {
      host.send(RawChap.receive(host.cid(), RawChap.ROOM));
    } catch (UncheckedIOException e) {
      return null;
    }
    return host.receiveOrEnd();
  }

  /** The second Send comes while the first is being computed, or after it: never both. */
  @Test
  void twoMessagesAtOnce() {
    for (int i = 0; i < 3; i++) {
      try (RawHost host = connected(40)) {
        int one = host.cid();
        int other = host.cid();
        byte[] offer = RawChap.negotiate(1, new int[] {3}, new int[] {4});
        host.sendTogether(RawChap.send(one, offer), RawChap.send(other, offer));
        assertOk(host.outcome(one));
        assertOk(host.outcome(other));
        assertFails(host, MESSAGE);
      }
    }
  }

  @Test
  void abortedOrDroppedWhileItIsComputed() {
    byte[] offer = RawChap.negotiate(1, new int[] {3}, new int[] {5});
    for (int i = 0; i < 4; i++) {
      try (RawHost host = connected(41)) {
        host.send(RawChap.send(host.cid(), offer));
        // Gone, with work under way.
      }
    }
  }
}
