package io.mora.initiator.control;

import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.NamespaceIdentifiers;

/** What a controller says about one active namespace. */
public record NamespaceInfo(
    int nsid, IdentifyNamespace identify, NamespaceIdentifiers identifiers) {
  private static final int SHIFT_MIN = 9;
  private static final int SHIFT_MAX = 16;

  /** Blocks of 512 bytes to 64 KiB without metadata are what this host reads and writes. */
  public boolean isUsable() {
    IdentifyNamespace.LbaFormat format = identify.currentFormat();
    return identify.isActive()
        && format.metadataBytes() == 0
        && format.blockShift() >= SHIFT_MIN
        && format.blockShift() <= SHIFT_MAX;
  }

  public int blockBytes() {
    return 1 << identify.currentFormat().blockShift();
  }

  /** Same blocks and same identity: commands meant for the one may go to the other. */
  public boolean isSame(NamespaceInfo other) {
    return nsid == other.nsid
        && blockBytes() == other.blockBytes()
        && identifiers.equals(other.identifiers)
        && identify
            .bytes(IdentifyNamespace.Field.NGUID)
            .equals(other.identify.bytes(IdentifyNamespace.Field.NGUID))
        && identify
            .bytes(IdentifyNamespace.Field.EUI64)
            .equals(other.identify.bytes(IdentifyNamespace.Field.EUI64));
  }
}
