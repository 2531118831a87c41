package io.mora.protocol.auth.message;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.AuthFailure;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * AUTH_Negotiate: what the host can do.
 *
 * <pre>
 *   6 SC_C 1        secure channel: 0 none, 2 new TLS key, 3 replaced TLS key
 *   7 NAPD 1        descriptors
 *   8 descriptors, 64 bytes each:
 *      0 AUTH_ID 1  1 is DH-HMAC-CHAP
 *      2 HALEN   1  hash ids, at most 30
 *      3 DHLEN   1  group ids, at most 30
 *      4 hash ids  30
 *     34 group ids 30
 * </pre>
 *
 * @param secureChannel SC_C
 * @param hashes offered, in the host's order; those unknown here are left out
 * @param groups likewise
 */
public record NegotiateMessage(
    int transactionId, int secureChannel, List<DhchapHash> hashes, List<DhchapGroup> groups)
    implements AuthMessage {
  private static final int SC_C = 6;
  private static final int NAPD = 7;
  private static final int DESCRIPTORS = 8;
  private static final int DESCRIPTOR_LENGTH = 64;
  private static final int HALEN = 2;
  private static final int DHLEN = 3;
  private static final int HASHES = 4;
  private static final int GROUPS = 34;
  private static final int IDS_MAX = 30;
  private static final int DH_HMAC_CHAP = 1;

  /** SC_C: no secure channel. */
  public static final int NO_SECURE_CHANNEL = 0;

  /** SC_C: a key for TLS is made; the host comes back over TLS with it. */
  public static final int NEW_TLS_PSK = 2;

  /** SC_C: over such a connection, a key for those to come, in place of that one. */
  public static final int REPLACE_TLS_PSK = 3;

  public NegotiateMessage {
    hashes = List.copyOf(hashes);
    groups = List.copyOf(groups);
  }

  /** Reads a message of this kind; strict about its length and counts. */
  public static NegotiateMessage decode(ByteBuf buf) throws AuthException {
    AuthMessage.atLeast(buf, DESCRIPTORS);
    int descriptors = buf.getUnsignedByte(NAPD);
    AuthMessage.exactly(buf, DESCRIPTORS + descriptors * DESCRIPTOR_LENGTH);
    for (int i = 0; i < descriptors; i++) {
      int at = DESCRIPTORS + i * DESCRIPTOR_LENGTH;
      if (buf.getByte(at) == DH_HMAC_CHAP) {
        return decode(buf, at);
      }
    }
    throw new AuthException(
        AuthFailure.PROTOCOL_UNUSABLE, "no DH-HMAC-CHAP in " + descriptors + " descriptors");
  }

  private static NegotiateMessage decode(ByteBuf buf, int at) throws AuthException {
    List<DhchapHash> hashes = new ArrayList<>();
    for (int i = 0; i < count(buf, at + HALEN, "HALEN"); i++) {
      DhchapHash hash = DhchapHash.of(buf.getUnsignedByte(at + HASHES + i));
      if (hash != null && !hashes.contains(hash)) {
        hashes.add(hash);
      }
    }
    List<DhchapGroup> groups = new ArrayList<>();
    for (int i = 0; i < count(buf, at + DHLEN, "DHLEN"); i++) {
      DhchapGroup group = DhchapGroup.of(buf.getUnsignedByte(at + GROUPS + i));
      if (group != null && !groups.contains(group)) {
        groups.add(group);
      }
    }
    return new NegotiateMessage(
        AuthMessage.transactionId(buf), buf.getUnsignedByte(SC_C), hashes, groups);
  }

  private static int count(ByteBuf buf, int at, String name) throws AuthException {
    int count = buf.getUnsignedByte(at);
    if (count < 1 || count > IDS_MAX) {
      throw new AuthException(
          AuthFailure.INCORRECT_PAYLOAD, name + " " + count + ", 1 to " + IDS_MAX);
    }
    return count;
  }

  @Override
  public int lengthBytes() {
    return DESCRIPTORS + DESCRIPTOR_LENGTH;
  }

  @Override
  public void encode(ByteBuf buf) {
    AuthMessage.start(buf, NEGOTIATE, this);
    buf.setByte(SC_C, secureChannel);
    buf.setByte(NAPD, 1);
    int at = DESCRIPTORS;
    buf.setByte(at, DH_HMAC_CHAP);
    buf.setByte(at + HALEN, hashes.size());
    buf.setByte(at + DHLEN, groups.size());
    for (int i = 0; i < hashes.size(); i++) {
      buf.setByte(at + HASHES + i, hashes.get(i).code());
    }
    for (int i = 0; i < groups.size(); i++) {
      buf.setByte(at + GROUPS + i, groups.get(i).code());
    }
  }
}
