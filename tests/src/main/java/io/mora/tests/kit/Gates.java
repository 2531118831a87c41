package io.mora.tests.kit;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendOpener;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.Backends;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens storage as usual, with a {@link GatedBackend} around each. */
public final class Gates implements BackendOpener {
  private final List<GatedBackend> opened = new ArrayList<>();

  @Override
  public Backend open(BackendOptions options, TransportKind transport) throws IOException {
    GatedBackend gated = new GatedBackend(Backends.open(options, transport));
    opened.add(gated);
    return gated;
  }

  /** Those opened, in the order of the configuration. */
  public GatedBackend get(int index) {
    return opened.get(index);
  }
}
