package io.mora.protocol.admin;

import io.mora.protocol.NameUuid;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.data.Bytes;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * A namespace of a subsystem.
 *
 * @param nsid 1 to 8192, unique in its subsystem
 * @param uuid unique everywhere; hosts find the namespace by it
 * @param nguid 16 bytes, unique everywhere, not zero
 * @param blockSizeBytes 512 or 4096
 * @param backend where the blocks are
 * @param policy how its commands are served
 */
public record NamespaceSpec(
    int nsid,
    UUID uuid,
    Bytes nguid,
    int blockSizeBytes,
    BackendSpec backend,
    NamespacePolicy policy) {
  public static final Range NSID = new Range(1, 1, 8192);
  public static final int BLOCK_SIZE_DEFAULT = 4096;
  public static final int NGUID_BYTES = 16;

  /** A namespace without a policy of its own. */
  public NamespaceSpec(int nsid, UUID uuid, Bytes nguid, int blockSizeBytes, BackendSpec backend) {
    this(nsid, uuid, nguid, blockSizeBytes, backend, NamespacePolicy.DEFAULT);
  }

  public NamespaceSpec withPolicy(NamespacePolicy newPolicy) {
    return new NamespaceSpec(nsid, uuid, nguid, blockSizeBytes, backend, newPolicy);
  }

  /** A namespace with identifiers derived from where it is. */
  public static NamespaceSpec of(Nqn subsystem, int nsid, int blockSizeBytes, BackendSpec backend) {
    UUID uuid = defaultUuid(subsystem, nsid);
    return new NamespaceSpec(nsid, uuid, defaultNguid(uuid), blockSizeBytes, backend);
  }

  /** The same for ever for a subsystem and NSID, so that hosts find the namespace again. */
  public static UUID defaultUuid(Nqn subsystem, int nsid) {
    return NameUuid.of("namespace", subsystem.value() + ":" + Integer.toUnsignedString(nsid));
  }

  /** The UUID's 16 bytes. */
  public static Bytes defaultNguid(UUID uuid) {
    ByteBuffer bytes = ByteBuffer.allocate(NGUID_BYTES);
    bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    return Bytes.of(bytes.array());
  }
}
