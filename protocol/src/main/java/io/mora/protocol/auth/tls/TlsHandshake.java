package io.mora.protocol.auth.tls;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.function.Function;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TLS 1.3 handshake with a pre-shared key and an ephemeral exchange (psk_dhe_ke):
 * bytes in, bytes out, at the end a {@link TlsSession}. Some calls take milliseconds: not for a
 * loop's thread. One thread at a time.
 */
public final class TlsHandshake {
  /** Most bytes a peer may send before the end of the handshake; an honest one sends a tenth. */
  public static final int BYTES_MAX = 32 << 10;

  private static final byte[] NOTHING = {};

  private final TlsProtocol protocol;
  private @Nullable TlsSession session;
  private @Nullable TlsException refusal;

  private TlsHandshake(TlsProtocol protocol) {
    this.protocol = protocol;
  }

  /** The JDK's primitives, and its SecureRandom. */
  static TlsCrypto crypto() {
    return Crypto.JDK;
  }

  private static final class Crypto {
    static final TlsCrypto JDK = new JcaTlsCryptoProvider().create(new SecureRandom());
  }

  /** Which key a host that offers some is asked to prove. */
  public interface Keys {
    /**
     * The key of one of these identities; may be called twice.
     *
     * @param offered in the host's order, those that are none of NVMe left out
     * @return the handshake's own: it is overwritten as soon as it was used
     * @throws TlsException saying why there is none
     */
    TlsKey choose(Iterable<PskIdentity> offered) throws TlsException;
  }

  /**
   * The end that connects.
   *
   * @param key not used any more when this returns
   */
  public static TlsHandshake client(TlsKey key) {
    return client(handshake -> new PskClient(key, handshake));
  }

  static TlsHandshake client(Function<TlsHandshake, PskClient> choices) {
    TlsClientProtocol protocol = new TlsClientProtocol();
    TlsHandshake handshake = new TlsHandshake(protocol);
    handshake.start(() -> protocol.connect(choices.apply(handshake)));
    return handshake;
  }

  /** The end that is connected to. */
  public static TlsHandshake server(Keys keys) {
    TlsServerProtocol protocol = new TlsServerProtocol();
    TlsHandshake handshake = new TlsHandshake(protocol);
    handshake.start(() -> protocol.accept(new PskServer(keys, handshake)));
    return handshake;
  }

  private interface Step {
    void take() throws IOException;
  }

  private void start(Step step) {
    try {
      step.take();
    } catch (IOException e) {
      throw new IllegalStateException("a handshake cannot begin", e);
    }
  }

  /** What there is to send, perhaps nothing; also after a failure. */
  public byte[] output() {
    int bytes = protocol.getAvailableOutputBytes();
    if (bytes == 0) {
      return NOTHING;
    }
    byte[] out = new byte[bytes];
    protocol.readOutput(out, 0, bytes);
    return out;
  }

  /**
   * Takes whole records until the handshake is complete.
   *
   * @param length of the bytes, which end with a record
   * @return bytes taken; those behind belong to the session
   * @throws TlsException saying why it failed; an alert may be in {@link #output}, to be sent
   *     unless it is about {@link TlsException#NONE}
   */
  public int accept(byte[] bytes, int length) throws TlsException {
    int at = 0;
    try {
      while (at < length && session == null) {
        int record = TlsTraffic.recordLength(bytes, at);
        protocol.offerInput(bytes, at, record);
        at += record;
        if (protocol.isClosed()) {
          throw new TlsException(TlsException.NONE, "the peer closed it");
        }
      }
      return at;
    } catch (TlsFatalAlertReceived e) {
      throw refusedByPeer(e.getAlertDescription());
    } catch (TlsFatalAlert e) {
      throw refusal != null ? refusal : failed(e);
    } catch (IOException e) {
      throw new TlsException(TlsAlert.INTERNAL_ERROR, String.valueOf(e.getMessage()));
    }
  }

  /** What an alert in the clear means, which a peer sends that cannot go on. */
  public static TlsException refusedByPeer(int alert) {
    int known = alert == TlsAlert.CLOSE_NOTIFY ? TlsException.NONE : alert;
    return new TlsException(known, "the peer gives up: " + told(alert));
  }

  private static String told(int alert) {
    return TlsAlert.text(alert)
        + switch (alert) {
          case TlsAlert.UNKNOWN_PSK_IDENTITY -> ": it has no key for this identity";
          case TlsAlert.DECRYPT_ERROR -> ": its key is another";
          default -> "";
        };
  }

  private static TlsException failed(TlsFatalAlert e) {
    int alert = e.getAlertDescription();
    String text =
        alert == TlsAlert.DECRYPT_ERROR
            ? "the peer's key is another than that of its identity"
            : TlsAlert.text(alert);
    return new TlsException(alert, text);
  }

  /** What was agreed, or null before. */
  public @Nullable TlsSession session() {
    return session;
  }

  void completed(TlsSession agreed) {
    session = agreed;
  }

  /** Keeps the reason, of which Bouncy Castle would pass on the number alone. */
  TlsFatalAlert refused(TlsException why) {
    refusal = why;
    int alert = why.alert() == TlsException.NONE ? TlsAlert.INTERNAL_ERROR : why.alert();
    return new TlsFatalAlert((short) alert);
  }

  /** No key was chosen, for a reason that is kept already unless the peer offered none at all. */
  TlsFatalAlert notChosen() {
    TlsException why = refusal;
    return refused(
        why != null
            ? why
            : new TlsException(TlsAlert.HANDSHAKE_FAILURE, "the peer offers no pre-shared key"));
  }
}
