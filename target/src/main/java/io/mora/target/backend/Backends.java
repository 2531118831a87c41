package io.mora.target.backend;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.BackendOptions.Kind;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.file.FileBackend;
import io.mora.target.backend.file.StorageFile;
import io.mora.target.backend.file.UringBackend;
import io.mora.target.backend.memory.MemoryBackend;
import io.mora.target.backend.os.LibC;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens storage. Control threads only. */
public final class Backends {
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

  private Backends() {}

  /**
   * Opens what the options describe, for shards with the given transport.
   *
   * @throws Problem when a field of the options cannot be satisfied; its message names field, value
   *     and what is allowed
   * @throws IOException when the storage fails
   */
  public static Backend open(BackendOptions options, TransportKind transport) throws IOException {
    checkFields(options);
    Backend backend =
        switch (options.kind()) {
          case MEMORY -> new MemoryBackend(options.sizeBytes(), options.blockSizeBytes());
          case NULL -> new NullBackend(options.sizeBytes(), options.blockSizeBytes());
          case FILE, BLOCK ->
              transport.hasFileRing() ? UringBackend.open(options) : FileBackend.open(options);
        };
    if (LOG.isInfoEnabled()) {
      String name = options.path() == null ? "" : options.path() + ": ";
      BackendGeometry geometry = backend.geometry();
      LOG.info("{}{}, {} bytes", name, backend.description(), geometry.sizeBytes());
    }
    return backend;
  }

  /** Says what {@link #open} would find wrong, as far as looking without touching tells. */
  public static void check(BackendOptions options) throws Problem {
    checkFields(options);
    if (options.path() != null) {
      StorageFile.checkPath(options);
    }
  }

  private static void checkFields(BackendOptions options) throws Problem {
    int block = options.blockSizeBytes();
    if (block != 512 && block != 4096) {
      throw new Problem("blockSizeBytes", block, "512 or 4096");
    }
    long size = options.sizeBytes();
    boolean stored = options.kind() == Kind.FILE || options.kind() == Kind.BLOCK;
    if (size < 0 || size % block != 0 || (size == 0 && !stored)) {
      throw new Problem("sizeBytes", size, "a positive multiple of blockSizeBytes " + block);
    }
    if (options.kind() == Kind.MEMORY && size > MemoryBackend.SIZE_BYTES_MAX) {
      throw new Problem("sizeBytes", size, "at most " + MemoryBackend.SIZE_BYTES_MAX);
    }
    String path = options.path();
    if (stored == (path == null || path.isEmpty())) {
      String allowed = stored ? "needed for kind " : "not used by kind ";
      throw new Problem(
          "path", Objects.requireNonNullElse(path, "(none)"), allowed + name(options));
    }
    if (options.preallocate() && (options.kind() != Kind.FILE || options.readOnly())) {
      throw new Problem("preallocate", true, "only for a file that is not readOnly");
    }
    if (options.readOnly() && !stored) {
      throw new Problem("readOnly", true, "only for kinds file and block");
    }
    if (stored && !LibC.available()) {
      throw new Problem(
          "kind", name(options), "needs Linux and native access (JNA could not load)");
    }
  }

  private static String name(BackendOptions options) {
    return options.kind().name().toLowerCase(Locale.ROOT);
  }
}
