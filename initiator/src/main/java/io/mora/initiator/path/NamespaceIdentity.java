package io.mora.initiator.path;

import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.NamespaceIdentifiers;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What says that two controllers have the same namespace: every identifier it has, and its blocks.
 *
 * @param nguid null for none, or zero
 */
record NamespaceIdentity(
    @Nullable UUID uuid, @Nullable Bytes nguid, @Nullable Bytes eui64, int blockBytes) {
  static NamespaceIdentity of(RemoteNamespace namespace) {
    NamespaceIdentifiers told = namespace.identifiers();
    IdentifyNamespace identify = namespace.identify();
    return new NamespaceIdentity(
        told.uuid(),
        either(told.nguid(), identify.bytes(IdentifyNamespace.Field.NGUID)),
        either(told.eui64(), identify.bytes(IdentifyNamespace.Field.EUI64)),
        namespace.blockBytes());
  }

  private static @Nullable Bytes either(@Nullable Bytes told, Bytes field) {
    Bytes value = told == null ? field : told;
    for (int i = 0; i < value.length(); i++) {
      if (value.unsignedByte(i) != 0) {
        return value;
      }
    }
    return null;
  }

  /** Without one nobody can tell that it is the same elsewhere. */
  boolean isKnown() {
    return uuid != null || nguid != null || eui64 != null;
  }
}
