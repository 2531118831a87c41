package io.mora.target.live;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Quantity;
import java.util.ArrayList;
import java.util.List;

/**
 * What a namespace of one spec has to do with that of the same NSID in another.
 *
 * @param kind whether hosts keep what they have
 * @param sizeBytes size wanted, or 0 if it stays
 * @param what the difference in words
 */
public record NamespaceDiff(Kind kind, long sizeBytes, String what) {
  /** From nothing to do to another namespace. */
  public enum Kind {
    SAME,
    /** Policy or size: hosts go on with it. */
    CHANGED,
    /** Another identity or storage: the old one goes and the new one comes. */
    REPLACED
  }

  private static final NamespaceDiff NONE = new NamespaceDiff(Kind.SAME, 0, "");

  /** Compares; both have the same NSID. */
  public static NamespaceDiff between(NamespaceSpec before, NamespaceSpec after) {
    if (before.equals(after)) {
      return NONE;
    }
    if (!before.uuid().equals(after.uuid())
        || !before.nguid().equals(after.nguid())
        || before.blockSizeBytes() != after.blockSizeBytes()) {
      return new NamespaceDiff(Kind.REPLACED, 0, "another namespace");
    }
    long size = size(after.backend());
    boolean resized = size != size(before.backend());
    if (resized && (size == 0 || !sized(before.backend(), size).equals(after.backend()))
        || !resized && !before.backend().equals(after.backend())) {
      return new NamespaceDiff(Kind.REPLACED, 0, "other storage");
    }
    List<String> what = new ArrayList<>();
    if (resized) {
      long old = size(before.backend());
      String was = old == 0 ? "as found" : Quantity.formatBytes(old);
      what.add("size " + was + " to " + Quantity.formatBytes(size));
    }
    if (!before.policy().equals(after.policy())) {
      what.add("policy");
    }
    return new NamespaceDiff(Kind.CHANGED, resized ? size : 0, String.join(", ", what));
  }

  private static long size(BackendSpec backend) {
    BackendSpec storage = backend.storage();
    if (storage instanceof BackendSpec.Memory memory) {
      return memory.sizeBytes();
    } else if (storage instanceof BackendSpec.Null nothing) {
      return nothing.sizeBytes();
    } else if (storage instanceof BackendSpec.File file) {
      return file.sizeBytes();
    } else if (storage instanceof BackendSpec.Stripe stripe) {
      return stripe.sizeBytes();
    }
    return 0;
  }

  /** The same storage of another size. */
  private static BackendSpec sized(BackendSpec backend, long sizeBytes) {
    if (backend instanceof BackendSpec.Delayed delayed) {
      return new BackendSpec.Delayed(sized(delayed.inner(), sizeBytes), delayed.device());
    } else if (backend instanceof BackendSpec.Faulty faulty) {
      return new BackendSpec.Faulty(sized(faulty.inner(), sizeBytes), faulty.faults());
    } else if (backend instanceof BackendSpec.Memory) {
      return new BackendSpec.Memory(sizeBytes);
    } else if (backend instanceof BackendSpec.Null) {
      return new BackendSpec.Null(sizeBytes);
    } else if (backend instanceof BackendSpec.File file) {
      return new BackendSpec.File(
          file.path(), sizeBytes, file.preallocate(), file.direct(), file.readOnly());
    } else if (backend instanceof BackendSpec.Stripe stripe) {
      return new BackendSpec.Stripe(
          stripe.paths(),
          sizeBytes,
          stripe.chunkBytes(),
          stripe.preallocate(),
          stripe.direct(),
          stripe.readOnly());
    }
    return backend;
  }
}
