package io.mora.protocol.auth.tls;

import org.jspecify.annotations.Nullable;

/** The library that handshakes are made with, which an embedding program may not have. */
public final class TlsLibrary {
  private static final String NEEDED = "org.bouncycastle.tls.TlsClientProtocol";

  /** What is missing for TLS and where to get it, in one line, or null. */
  public static final @Nullable String MISSING = look();

  private TlsLibrary() {}

  /** IllegalStateException where it is missing. */
  public static void require() {
    if (MISSING != null) {
      throw new IllegalStateException(MISSING);
    }
  }

  private static @Nullable String look() {
    try {
      Class.forName(NEEDED, false, TlsLibrary.class.getClassLoader());
      return null;
    } catch (ClassNotFoundException e) {
      return "TLS needs the library org.bouncycastle:bctls-jdk18on, which is not there";
    }
  }
}
