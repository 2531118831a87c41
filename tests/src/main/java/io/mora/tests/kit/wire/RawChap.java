package io.mora.tests.kit.wire;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The host's half of DH-HMAC-CHAP, written against section 5 of the wire reference and nothing
 * else. Messages are bytes, to be spoilt at will.
 */
public final class RawChap {
  public static final int SEND = 5;
  public static final int RECEIVE = 6;

  /** What a host has room for. */
  public static final int ROOM = 4096;

  private static final int[] HASH_BITS = {0, 256, 384, 512};
  private static final int[] GROUP_BITS = {0, 2048, 3072, 4096, 6144, 8192};
  private static final long[] OFFSETS = {0, 560316, 2625351, 5736041, 15705020, 10965728};

  private final String host;
  private final String subsystem;
  private final byte[] key;
  private final byte[] controllerKey;
  private final Random random;
  private byte[] expected = {};
  private int secureChannel;
  private byte[] session = {};
  private byte[] c1 = {};
  private byte[] c2 = {};

  /** Keys as they are used: of secrets without a transformation. */
  public RawChap(String host, String subsystem, byte[] key, byte[] controllerKey, Random random) {
    this.host = host;
    this.subsystem = subsystem;
    this.key = key.clone();
    this.controllerKey = controllerKey.clone();
    this.random = random;
  }

  /** SC_C of what follows; a key for TLS needs C2. */
  public RawChap secureChannel(int value) {
    secureChannel = value;
    return this;
  }

  /** KS, C1 and C2 of the last reply: what a key for TLS is made of. */
  public byte[][] keying() {
    return new byte[][] {session, c1, c2};
  }

  /** The key for TLS that these make with SHA-256. */
  public RawPsk tlsKey() {
    return RawPsk.generated(session, c1, c2, host, subsystem);
  }

  // --- commands

  public static Frame send(int cid, byte[] message) {
    return fields(Capsules.inCapsule(0x7F, cid, SEND, message), message.length);
  }

  public static Frame receive(int cid, int room) {
    return fields(Capsules.transfer(0x7F, cid, RECEIVE, room), room);
  }

  /** SPSP0, SPSP1, SECP and the length. */
  public static Frame fields(Frame command, int length) {
    int sqe = Capsules.SQE;
    return command
        .put(sqe + 41, 1, 1)
        .put(sqe + 42, 1, 1)
        .put(sqe + 43, 1, 0xE9)
        .put(sqe + 44, 4, length);
  }

  /**
   * Negotiate to Success1, Success2 if the controller is asked; the last status that failed, or 0.
   */
  public int authenticate(RawHost on, int hash, int group, boolean both) {
    int id = random.nextInt(0x10000);
    byte[] challenge = exchange(on, negotiate(id, new int[] {hash}, new int[] {group}));
    byte[] success = exchange(on, reply(challenge, both));
    if (success[0] == 0) {
      return success[7];
    }
    if (both) {
      if (!proves(success)) {
        throw new AssertionError("the controller's response is wrong");
      }
      Outcome outcome = on.run(send(on.cid(), success2(id)));
      if (outcome.code() != 0) {
        throw new AssertionError("Success2: " + outcome);
      }
    }
    return 0;
  }

  /** Sends a message and fetches what the controller says to it. */
  public static byte[] exchange(RawHost on, byte[] message) {
    Outcome sent = on.run(send(on.cid(), message));
    if (sent.code() != 0) {
      throw new AssertionError("Authentication Send: " + sent);
    }
    return fetch(on);
  }

  public static byte[] fetch(RawHost on) {
    Outcome received = on.run(receive(on.cid(), ROOM));
    if (received.code() != 0 || received.data().length != ROOM) {
      throw new AssertionError("Authentication Receive: " + received);
    }
    return received.data();
  }

  // --- messages

  public static byte[] negotiate(int id, int[] hashes, int[] groups) {
    byte[] message = new byte[72];
    header(message, 0, 0, id);
    message[7] = 1;
    message[8] = 1;
    message[10] = (byte) hashes.length;
    message[11] = (byte) groups.length;
    for (int i = 0; i < hashes.length; i++) {
      message[12 + i] = (byte) hashes[i];
    }
    for (int i = 0; i < groups.length; i++) {
      message[42 + i] = (byte) groups[i];
    }
    return message;
  }

  public static byte[] success2(int id) {
    byte[] message = new byte[16];
    header(message, 1, 4, id);
    return message;
  }

  public static byte[] failure2(int id) {
    byte[] message = new byte[8];
    header(message, 0, 0xF0, id);
    message[6] = 1;
    message[7] = 1;
    return message;
  }

  private static void header(byte[] message, int type, int kind, int id) {
    message[0] = (byte) type;
    message[1] = (byte) kind;
    message[4] = (byte) id;
    message[5] = (byte) (id >>> 8);
  }

  /** Answers a challenge, and asks the controller to prove itself if {@code both}. */
  public byte[] reply(byte[] challenge, boolean both) {
    if (challenge[0] != 1 || challenge[1] != 1) {
      throw new AssertionError("no Challenge: " + describe(challenge));
    }
    ByteBuffer in = ByteBuffer.wrap(challenge).order(ByteOrder.LITTLE_ENDIAN);
    int hl = challenge[6];
    int hash = challenge[8];
    int group = challenge[9];
    int dhvlen = in.getShort(10);
    int id = in.getShort(4) & 0xFFFF;
    if (hl != HASH_BITS[hash] / 8 || dhvlen != GROUP_BITS[group] / 8) {
      throw new AssertionError("HL " + hl + ", DHVLEN " + dhvlen);
    }
    c1 = Arrays.copyOfRange(challenge, 16, 16 + hl);
    byte[] theirs = Arrays.copyOfRange(challenge, 16 + hl, 16 + hl + dhvlen);
    byte[] ours = {};
    session = new byte[0];
    if (group != 0) {
      BigInteger secret = new BigInteger(256, random);
      BigInteger prime = prime(group);
      ours = padded(BigInteger.TWO.modPow(secret, prime), dhvlen);
      session = digest(hash, padded(new BigInteger(1, theirs).modPow(secret, prime), dhvlen));
    }
    c2 = new byte[hl];
    random.nextBytes(c2);
    int sequence = both ? 1 + random.nextInt(1000) : 0;
    byte[] r1 = response(hash, key, augmented(hash, session, c1), in.getInt(12), id, "HostHost");
    expected =
        response(hash, controllerKey, augmented(hash, session, c2), sequence, id, "Controller");
    byte[] message = new byte[16 + 2 * hl + ours.length];
    header(message, 1, 2, id);
    ByteBuffer out = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    out.put(6, (byte) hl).put(8, (byte) (both || secureChannel != 0 ? 1 : 0));
    out.putShort(10, (short) ours.length).putInt(12, sequence);
    out.put(16, r1).put(16 + hl, c2).put(16 + 2 * hl, ours);
    return message;
  }

  /** Whether a Success1 has the right response. */
  public boolean proves(byte[] success) {
    return success[0] == 1
        && success[1] == 3
        && success[8] == 1
        && success[6] == expected.length
        && Arrays.equals(expected, Arrays.copyOfRange(success, 16, 16 + expected.length));
  }

  public static String describe(byte[] message) {
    return "message " + message[0] + "/" + (message[1] & 0xFF) + ", explanation " + message[7];
  }

  // --- arithmetic

  private byte[] response(
      int hash, byte[] with, byte[] challenge, int sequence, int id, String who) {
    boolean byHost = who.equals("HostHost");
    ByteBuffer numbers = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN);
    numbers.putInt(sequence).putShort((short) id).put((byte) secureChannel);
    return hmac(
        hash,
        with,
        challenge,
        numbers.array(),
        (who + (byHost ? host : subsystem)).getBytes(StandardCharsets.UTF_8),
        new byte[1],
        (byHost ? subsystem : host).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] augmented(int hash, byte[] session, byte[] challenge) {
    return session.length == 0 ? challenge : hmac(hash, session, challenge);
  }

  private static byte[] hmac(int hash, byte[] with, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA" + HASH_BITS[hash]);
      mac.init(new SecretKeySpec(with, "key"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] digest(int hash, byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-" + HASH_BITS[hash]).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RFC 7919's formula. */
  public static BigInteger prime(int group) {
    int bits = GROUP_BITS[group];
    BigInteger scale = BigInteger.TWO.pow(bits - 130 + 128);
    BigInteger e = BigInteger.ZERO;
    BigInteger factorial = BigInteger.ONE;
    for (int k = 1; factorial.compareTo(scale) < 0; k++) {
      e = e.add(scale.divide(factorial));
      factorial = factorial.multiply(BigInteger.valueOf(k));
    }
    return BigInteger.TWO
        .pow(bits)
        .subtract(BigInteger.TWO.pow(bits - 64))
        .add(e.shiftRight(128).add(BigInteger.valueOf(OFFSETS[group])).shiftLeft(64))
        .subtract(BigInteger.ONE);
  }

  /** Big-endian, zeroes before. */
  public static byte[] padded(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] padded = new byte[length];
    int from = Math.max(0, bytes.length - length);
    int count = bytes.length - from;
    System.arraycopy(bytes, from, padded, length - count, count);
    return padded;
  }
}
