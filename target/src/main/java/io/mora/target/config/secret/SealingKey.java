package io.mora.target.config.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What secrets are sealed with: the systemd credential {@code mora-sealing-key} where the service
 * has one, else the file {@code sealing.key} beside the configuration, which is made when the first
 * secret is sealed.
 *
 * <p>Where a file cannot be made, a key that lives as long as the process serves: what it seals is
 * shown, and cannot be stored in such a folder anyway.
 */
final class SealingKey {
  /** Beside the configuration. */
  static final String FILE = "sealing.key";

  /** Among the service's credentials. */
  static final String CREDENTIAL = "mora-sealing-key";

  private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";
  private static final int BYTES = 32;
  private static final int BYTES_MAX = 4_096;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] OF_PROCESS = random();
  private static final Logger LOG = LoggerFactory.getLogger(SealingKey.class);

  private final Path file;
  private final @Nullable Path credential;

  SealingKey(Path folder) {
    this(folder, System.getenv(CREDENTIALS));
  }

  SealingKey(Path folder, @Nullable String credentials) {
    file = folder.resolve(FILE);
    credential = credentials == null ? null : Path.of(credentials, CREDENTIAL);
  }

  private static byte[] random() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return key;
  }

  /**
   * The key there is.
   *
   * @throws IllegalArgumentException if it is not to be trusted
   */
  byte[] forOpening() {
    if (credential != null && Files.exists(credential)) {
      return checked(credential, ofService(credential)); // systemd minds who may read it
    }
    return Files.exists(file) ? checked(file, read()) : OF_PROCESS;
  }

  private static byte[] ofService(Path credential) {
    try {
      return Files.readAllBytes(credential);
    } catch (IOException e) {
      throw new IllegalArgumentException(credential + ": cannot be read", e);
    }
  }

  private byte[] read() {
    try {
      return OwnedFile.read(file, BYTES_MAX);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static byte[] checked(Path from, byte[] key) {
    if (key.length < BYTES) {
      throw new IllegalArgumentException(
          from + ": " + key.length + " bytes, a sealing key has " + BYTES + " to " + BYTES_MAX);
    }
    return key;
  }

  /** As {@link #forOpening}; one is made if there is none. */
  byte[] forSealing() {
    boolean there = credential != null && Files.exists(credential) || Files.exists(file);
    return there || make() ? forOpening() : OF_PROCESS;
  }

  /** Whole or not at all; of two that make one at once, one is kept. */
  private boolean make() {
    Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
    Path draft = folder.resolve("." + FILE + "." + ProcessHandle.current().pid());
    try {
      Files.deleteIfExists(draft);
      write(draft);
      try {
        Files.createLink(file, draft);
        LOG.info("Made {}: it opens the sealed secrets of this configuration; keep a copy", file);
      } catch (FileAlreadyExistsException e) {
        LOG.debug("{} was just made by somebody else", file);
      }
      Files.delete(draft);
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
      return true;
    } catch (AccessDeniedException | NoSuchFileException e) {
      return false;
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("Read-only")) {
        return false;
      }
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path draft) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap(random());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
