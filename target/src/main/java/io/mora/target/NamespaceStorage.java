package io.mora.target;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendOpener;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.fault.FaultBackend;
import io.mora.target.backend.stripe.StripeBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Opens what a namespace's spec says, with all that is laid around it. Control threads only. */
final class NamespaceStorage {
  private final NamespaceSpec namespace;
  private final BackendOpener opener;
  private final TransportKind transport;

  private NamespaceStorage(NamespaceSpec namespace, BackendOpener opener, TransportKind transport) {
    this.namespace = namespace;
    this.opener = opener;
    this.transport = transport;
  }

  /**
   * Opens it for shards of a transport.
   *
   * @throws IOException naming field, value and what is allowed; nothing stays open then
   */
  static Backend open(NamespaceSpec namespace, BackendOpener opener, TransportKind transport)
      throws IOException {
    return new NamespaceStorage(namespace, opener, transport).open(namespace.backend());
  }

  private Backend open(BackendSpec backend) throws IOException {
    if (backend instanceof BackendSpec.Delayed delayed) {
      return DelayBackend.of(open(delayed.inner()), delayed.device(), namespace.nsid());
    } else if (backend instanceof BackendSpec.Faulty faulty) {
      return new FaultBackend(open(faulty.inner()), faulty.faults());
    } else if (backend instanceof BackendSpec.Stripe stripe) {
      return stripe(stripe);
    }
    return opener.open(options(backend), transport);
  }

  private Backend stripe(BackendSpec.Stripe stripe) throws IOException {
    List<Backend> members = new ArrayList<>();
    boolean whole = false;
    try {
      for (int i = 0; i < stripe.paths().size(); i++) {
        members.add(opener.open(options(stripe.file(i)).inPieces(), transport));
      }
      Backend striped = StripeBackend.of(members, stripe.chunkBytes());
      whole = true;
      return striped;
    } finally {
      if (!whole) {
        members.forEach(Backend::close);
      }
    }
  }

  private BackendOptions options(BackendSpec backend) {
    int block = namespace.blockSizeBytes();
    if (backend instanceof BackendSpec.Memory memory) {
      return BackendOptions.memory(memory.sizeBytes(), block);
    } else if (backend instanceof BackendSpec.Null nothing) {
      return BackendOptions.nothing(nothing.sizeBytes(), block);
    } else if (backend instanceof BackendSpec.File file) {
      return BackendOptions.file(file.path(), file.sizeBytes(), block)
          .with(directIo(file.direct()))
          .with(flags(file.preallocate(), file.readOnly()));
    } else if (backend instanceof BackendSpec.Block device) {
      return BackendOptions.block(device.path(), block)
          .with(directIo(device.direct()))
          .with(flags(false, device.readOnly()));
    }
    throw new IllegalStateException("backend kind " + backend.kind());
  }

  private static BackendOptions.DirectIo directIo(BackendSpec.DirectIo choice) {
    return switch (choice) {
      case AUTO -> BackendOptions.DirectIo.AUTO;
      case REQUIRED -> BackendOptions.DirectIo.ON;
      case NEVER -> BackendOptions.DirectIo.OFF;
    };
  }

  private static BackendOptions.Flag[] flags(boolean preallocate, boolean readOnly) {
    EnumSet<BackendOptions.Flag> flags = EnumSet.noneOf(BackendOptions.Flag.class);
    if (preallocate) {
      flags.add(BackendOptions.Flag.PREALLOCATE);
    }
    if (readOnly) {
      flags.add(BackendOptions.Flag.READ_ONLY);
    }
    return flags.toArray(new BackendOptions.Flag[0]);
  }
}
