package io.mora.target.controller.auth;

import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.tls.PskIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What a queue's transactions may be for (SC_C of AUTH_Negotiate).
 *
 * @param identity the key by which its connection came over TLS, or null on plain TCP
 * @param mayStay a proof alone is enough; otherwise it has to make a key for TLS
 * @param makes the SC_C by which it may make one, or {@link NegotiateMessage#NO_SECURE_CHANNEL}
 */
public record ChannelTerms(@Nullable PskIdentity identity, boolean mayStay, int makes) {
  /** A proof, and no key for TLS. */
  public static final ChannelTerms NONE =
      new ChannelTerms(null, true, NegotiateMessage.NO_SECURE_CHANNEL);

  /**
   * Those of a queue.
   *
   * @param policy of the port it came in by
   */
  public static ChannelTerms of(TlsPolicy policy, @Nullable PskIdentity identity, boolean admin) {
    if (identity != null) {
      boolean replaces = admin && identity.generated();
      int makes = replaces ? NegotiateMessage.REPLACE_TLS_PSK : NegotiateMessage.NO_SECURE_CHANNEL;
      return new ChannelTerms(identity, true, makes);
    }
    boolean toTls = policy == TlsPolicy.CONCATENATED;
    boolean makes = admin && (toTls || policy == TlsPolicy.ALLOWED);
    return new ChannelTerms(
        null, !toTls, makes ? NegotiateMessage.NEW_TLS_PSK : NegotiateMessage.NO_SECURE_CHANNEL);
  }

  /** It came by a key that its host made by a proof: it has nothing to prove any more. */
  public boolean isProved() {
    return identity != null && identity.generated();
  }

  /** What {@link #allow} allows, in words. */
  String allowed() {
    if (makes == NegotiateMessage.NO_SECURE_CHANNEL) {
      return mayStay ? "0" : "none on this queue";
    }
    return mayStay ? "0 and " + makes : String.valueOf(makes);
  }

  /** Whether a transaction may ask for this. */
  boolean allow(int secureChannel) {
    return secureChannel == NegotiateMessage.NO_SECURE_CHANNEL ? mayStay : secureChannel == makes;
  }
}
