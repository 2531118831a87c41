package io.mora.protocol.auth.tls;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsPSKExternal;

/** A host's choices in a handshake: one key, its cipher suite, no certificates. */
class PskClient extends AbstractTlsClient {
  private final TlsKey key;
  private final TlsHandshake handshake;

  PskClient(TlsKey key, TlsHandshake handshake) {
    super(TlsHandshake.crypto());
    this.key = key;
    this.handshake = handshake;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.TLSv13.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {key.hash().cipherSuite()};
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"}) // the library's
  public Vector getExternalPSKs() {
    return new Vector<>(List.of(external(key)));
  }

  static TlsPSKExternal external(TlsKey key) {
    byte[] bytes = key.key();
    try {
      return new BasicTlsPSKExternal(
          key.identity().bytes(),
          TlsHandshake.crypto().createSecret(bytes),
          PskServer.prf(key.hash()));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public short[] getPskKeyExchangeModes() {
    return new short[] {PskKeyExchangeMode.psk_dhe_ke};
  }

  /** Asked for only if the controller has taken another way than the key. */
  @Override
  public TlsAuthentication getAuthentication() throws IOException {
    throw handshake.refused(
        new TlsException(AlertDescription.handshake_failure, "the peer did not take the key"));
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SecurityParameters agreed = context.getSecurityParametersConnection();
    handshake.completed(
        new TlsSession(
            key.identity(),
            PskServer.copyOf(agreed.getTrafficSecretServer()),
            PskServer.copyOf(agreed.getTrafficSecretClient())));
  }
}
