package io.mora.protocol.auth.tls;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.jspecify.annotations.Nullable;

/** A target's choices in a handshake: the key of an offered identity and its cipher suite. */
final class PskServer extends AbstractTlsServer {
  /** Identities that are looked at; Linux offers at most eight. */
  private static final int IDENTITIES_MAX = 16;

  private final TlsHandshake.Keys keys;
  private final TlsHandshake handshake;

  /** That was asked for; overwritten already, it tells who and by which hash. */
  private @Nullable TlsKey key;

  PskServer(TlsHandshake.Keys keys, TlsHandshake handshake) {
    super(TlsHandshake.crypto());
    this.keys = keys;
    this.handshake = handshake;
  }

  static int prf(TlsHash hash) {
    return hash == TlsHash.SHA256 ? PRFAlgorithm.tls13_hkdf_sha256 : PRFAlgorithm.tls13_hkdf_sha384;
  }

  static byte[] copyOf(TlsSecret secret) {
    return TlsHandshake.crypto().adoptSecret(secret).extract();
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.TLSv13.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {TlsHash.SHA384.cipherSuite(), TlsHash.SHA256.cipherSuite()};
  }

  @Override
  public int[] getSupportedGroups() {
    return new int[] {NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1};
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"}) // the library's
  public void processClientExtensions(Hashtable extensions) throws IOException {
    chosen();
    super.processClientExtensions(extensions);
    maxFragmentLengthOffered = -1; // an offer that need not be taken
  }

  /** Null where there is none; why, the caller hears when it asks for the rest. */
  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"}) // the library's
  public @Nullable TlsPSKExternal getExternalPSK(Vector identities) {
    List<io.mora.protocol.auth.tls.PskIdentity> offered = new ArrayList<>();
    for (Object each : identities) {
      var known = io.mora.protocol.auth.tls.PskIdentity.parse(((PskIdentity) each).getIdentity());
      if (known != null && offered.size() < IDENTITIES_MAX && offers(known.hash())) {
        offered.add(known);
      }
    }
    try {
      if (offered.isEmpty()) {
        throw new TlsException(
            TlsAlert.UNKNOWN_PSK_IDENTITY,
            "none of " + identities.size() + " identities is an NVMe host's with its cipher");
      }
      TlsKey found = keys.choose(offered);
      key = found;
      try {
        return PskClient.external(found);
      } finally {
        found.wipe();
      }
    } catch (TlsException e) {
      handshake.refused(e);
      return null;
    }
  }

  private TlsKey chosen() throws IOException {
    TlsKey found = key;
    if (found == null) {
      throw handshake.notChosen();
    }
    return found;
  }

  private boolean offers(TlsHash hash) {
    return Arrays.stream(offeredCipherSuites).anyMatch(suite -> suite == hash.cipherSuite());
  }

  @Override
  public int getSelectedCipherSuite() throws IOException {
    selectedCipherSuite = chosen().hash().cipherSuite();
    return selectedCipherSuite;
  }

  @Override
  public @Nullable TlsCredentials getCredentials() {
    return null;
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SecurityParameters agreed = context.getSecurityParametersConnection();
    handshake.completed(
        new TlsSession(
            chosen().identity(),
            copyOf(agreed.getTrafficSecretClient()),
            copyOf(agreed.getTrafficSecretServer())));
  }
}
