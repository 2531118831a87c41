package io.mora.target.config.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** A file that only its owner may read, who is root or runs the target. */
public final class OwnedFile {
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private OwnedFile() {}

  /**
   * All of it.
   *
   * @throws IllegalArgumentException saying why it is not to be trusted or cannot be read
   */
  public static byte[] read(Path file, int bytesMax) {
    try {
      PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
      String owner = attributes.owner().getName();
      if (!attributes.isRegularFile()) {
        throw new IllegalArgumentException("not a file");
      }
      if (!OWNERS.containsAll(attributes.permissions())) {
        throw new IllegalArgumentException("others may read or change it: chmod 600");
      }
      if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
        throw new IllegalArgumentException("it belongs to " + owner);
      }
      if (attributes.size() > bytesMax) {
        throw new IllegalArgumentException("larger than a secret");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read: " + e.getClass().getSimpleName(), e);
    } catch (UnsupportedOperationException e) {
      throw new IllegalArgumentException("its file system has no owners and modes", e);
    }
  }
}
