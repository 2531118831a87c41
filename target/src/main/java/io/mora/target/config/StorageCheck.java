package io.mora.target.config;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.storage.PoolSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Looks at the files and devices a spec names without opening them: are they there, of the right
 * type and size, and each used once. What only opening can tell is the backend's to say.
 */
public final class StorageCheck {
  /** Type bits of st_mode, and their value for a block device. */
  private static final int MODE_TYPE = 0xF000;

  private static final int MODE_BLOCK = 0x6000;

  private static final String POOL_FOLDER = ".pool.folder";

  private final List<Problem> problems = new ArrayList<>();
  private final Map<Object, String> seen = new HashMap<>();

  private StorageCheck() {}

  /** Every problem found, without file and line. */
  public static List<Problem> check(TargetSpec spec) {
    StorageCheck check = new StorageCheck();
    for (int s = 0; s < spec.subsystems().size(); s++) {
      SubsystemSpec subsystem = spec.subsystems().get(s);
      check.pool("subsystems[" + s + "]" + POOL_FOLDER, subsystem.policy().pool());
      for (int n = 0; n < subsystem.namespaces().size(); n++) {
        String key = "subsystems[" + s + "].namespaces[" + n + "].backend";
        check.backend(key, subsystem.namespaces().get(n));
      }
    }
    return List.copyOf(check.problems);
  }

  /** A problem only keeps namespaces from being made, and nothing from being served. */
  public static boolean isOfPool(Problem problem) {
    return problem.key().endsWith(POOL_FOLDER);
  }

  private void pool(String key, PoolSpec pool) {
    if (pool.exists()) {
      Path folder = Path.of(pool.folder());
      if (!Files.isDirectory(folder)) {
        add(key, folder, "an existing folder", "there is no such folder");
      } else if (!Files.isWritable(folder)) {
        add(key, folder, "a folder that may be written", "this one may not");
      }
    }
  }

  private void backend(String key, NamespaceSpec namespace) {
    BackendSpec storage = namespace.backend().storage();
    try {
      if (storage instanceof BackendSpec.File file) {
        file(new Place(key, key + ".path", false), file, namespace.blockSizeBytes());
      } else if (storage instanceof BackendSpec.Stripe stripe) {
        stripe(key, stripe, namespace.blockSizeBytes());
      } else if (storage instanceof BackendSpec.Block device) {
        device(key + ".path", device);
      }
    } catch (IOException e) {
      add(key + ".path", "", "a readable place", "cannot be looked at: " + e);
    }
  }

  /** All there and of one size, or none: what is left of a stripe cannot be made up for. */
  private void stripe(String key, BackendSpec.Stripe stripe, int blockSizeBytes)
      throws IOException {
    int present = 0;
    long first = -1;
    for (int i = 0; i < stripe.paths().size(); i++) {
      String at = key + ".paths[" + i + "]";
      file(new Place(key, at, true), stripe.file(i), blockSizeBytes);
      Path path = Path.of(stripe.paths().get(i));
      if (Files.isRegularFile(path)) {
        long found = Files.size(path);
        first = present == 0 ? found : first;
        present++;
        if (stripe.sizeBytes() == BackendSpec.SIZE_AS_FOUND
            && (found != first || found % stripe.chunkBytes() != 0)) {
          String allowed = "all of one size, a multiple of chunk " + stripe.chunkBytes();
          add(at, path, allowed, "the file has " + found + " bytes, the first " + first);
        }
      }
    }
    if (present > 0 && present < stripe.paths().size()) {
      String allowed = "all files, or none, which are then made";
      String value = present + " of " + stripe.paths().size();
      add(key + ".paths", value, allowed, "some of the files are missing");
    }
  }

  /**
   * Where a file is named.
   *
   * @param backend key of the section
   * @param path key of the path
   * @param part it is one of several
   */
  private record Place(String backend, String path, boolean part) {}

  private void file(Place place, BackendSpec.File file, int blockSizeBytes) throws IOException {
    Path path = Path.of(file.path());
    Path parent = Objects.requireNonNullElse(path.getParent(), path);
    if (!Files.isDirectory(parent)) {
      add(place.path, path, "a file in an existing folder", "there is no folder " + parent);
    } else if (!Files.exists(path)) {
      missing(place, file, parent);
    } else if (!Files.isRegularFile(path)) {
      String hint = isBlockDevice(path) ? "; it is a block device, use kind: block" : "";
      add(place.path, path, "a regular file", "not a regular file" + hint);
    } else {
      access(place.path, path, file.readOnly());
      existing(place, file, Files.size(path), blockSizeBytes);
      once(place.path, path);
    }
  }

  private void missing(Place place, BackendSpec.File file, Path parent) throws IOException {
    if (file.readOnly()) {
      add(place.path, file.path(), "an existing file with readOnly", "there is no such file");
    } else if (file.sizeBytes() == BackendSpec.SIZE_AS_FOUND) {
      String allowed = "a size, or the path of an existing file";
      add(place.backend + ".size", "", allowed, "missing, and there is no file " + file.path());
    } else if (!Files.isWritable(parent)) {
      add(place.path, file.path(), "a folder that may be written", parent + " may not");
    } else if (file.preallocate()
        && Files.getFileStore(parent).getUsableSpace() < file.sizeBytes()) {
      String free = Quantity.formatBytes(Files.getFileStore(parent).getUsableSpace());
      String allowed = "at most " + free + " with preallocate";
      String value = Quantity.formatBytes(file.sizeBytes());
      add(place.backend + ".size", value, allowed, "more than is free in " + parent);
    }
  }

  private void existing(Place place, BackendSpec.File file, long found, int blockSizeBytes) {
    String is = found + " bytes";
    if (place.part && file.sizeBytes() != BackendSpec.SIZE_AS_FOUND && file.sizeBytes() != found) {
      String allowed = file.sizeBytes() + " bytes, its part of size, or leave size out";
      add(place.path, file.path(), allowed, "the file has " + is);
    } else if (file.sizeBytes() != BackendSpec.SIZE_AS_FOUND && file.sizeBytes() != found) {
      String value = Quantity.formatBytes(file.sizeBytes());
      String allowed = Quantity.formatBytes(found) + ", or leave size out";
      add(place.backend + ".size", value, allowed, "the file exists with " + is);
    } else if (found < BackendSpec.SIZE_BYTES.min() || found % blockSizeBytes != 0) {
      String least = Quantity.formatBytes(BackendSpec.SIZE_BYTES.min());
      String allowed = "a multiple of " + blockSizeBytes + ", at least " + least;
      add(place.path, file.path(), allowed, "the file has " + is);
    }
  }

  private void device(String key, BackendSpec.Block device) throws IOException {
    Path path = Path.of(device.path());
    if (!Files.exists(path)) {
      add(key, path, "a block device", "there is no such device");
    } else if (!isBlockDevice(path)) {
      String hint = Files.isRegularFile(path) ? "; it is a file, use kind: file" : "";
      add(key, path, "a block device", "not a block device" + hint);
    } else {
      access(key, path, device.readOnly());
      once(key, path);
    }
  }

  private void access(String key, Path path, boolean readOnly) {
    if (!Files.isReadable(path)) {
      add(key, path, "a path this user may read", "may not be read");
    } else if (!readOnly && !Files.isWritable(path)) {
      add(key, path, "a path this user may write, or readOnly: true", "may not be written");
    }
  }

  /** Links and second names lead to the same file: two namespaces would overwrite each other. */
  private void once(String key, Path path) throws IOException {
    Object identity = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    String before = seen.putIfAbsent(identity == null ? path.toRealPath() : identity, key);
    if (before != null) {
      String allowed = "each file or device once";
      add(key, path, allowed, "the same file or device as " + before);
    }
  }

  private static boolean isBlockDevice(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode");
    return (mode & MODE_TYPE) == MODE_BLOCK;
  }

  private void add(String key, Object value, String allowed, String message) {
    problems.add(Problem.of(key, value, allowed, message));
  }
}
