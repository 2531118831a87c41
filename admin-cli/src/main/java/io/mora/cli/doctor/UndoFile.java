package io.mora.cli.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What there was before, kept for the one who takes it back: that is root as a rule, and writes
 * wherever the file says. So nobody else may be able to write it, or to put another in its place,
 * and it may name settings of the kernel only. It counts until the machine restarts, which forgets
 * the settings too.
 */
final class UndoFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SETTING =
      Pattern.compile("(proc/(sys|irq)|sys)(/[A-Za-z0-9_:@+-][A-Za-z0-9_.:@+-]*)+");
  private static final int WRITABLE_BY_OTHERS = 022;

  private final Path file;

  /** A value in its file's words. */
  record Change(String path, String before, String after) {}

  /**
   * What the file holds.
   *
   * @param boot the machine's start in which it was written
   */
  record Content(String boot, List<Change> changes) {}

  UndoFile(Path file) {
    this.file = file.toAbsolutePath().normalize();
  }

  /**
   * Reads it; nothing where there is none, or where the machine was restarted since.
   *
   * @throws CliException if it cannot be read, or cannot be trusted
   */
  Map<String, Change> read(String boot) {
    Map<String, Change> changes = new LinkedHashMap<>();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return changes;
    }
    try {
      trusted(folder());
      trusted(file);
      Content content = JSON.readValue(file.toFile(), Content.class);
      for (Change each : content.changes()) {
        if (!SETTING.matcher(each.path()).matches()) {
          throw refused(file + " names " + each.path() + ", which is no setting of the kernel");
        }
        changes.put(each.path(), each);
      }
      if (!content.boot().equals(boot)) {
        changes.clear();
      }
      return changes;
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.FAILED, file + " has what there was before, and cannot be read", e);
    }
  }

  private Path folder() throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file");
    }
    return folder;
  }

  /** Only this user, or root, may have written it. */
  private static void trusted(Path path) throws IOException {
    Map<String, Object> has =
        Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    Object owner = has.get("uid");
    Object mode = has.get("mode");
    boolean ours = Integer.valueOf(0).equals(owner) || me.equals(owner);
    boolean plain = !Files.isSymbolicLink(path);
    if (!ours || !plain || !(mode instanceof Integer bits) || (bits & WRITABLE_BY_OTHERS) != 0) {
      throw refused(path + " could be changed by others, and says what is to be set");
    }
  }

  private static CliException refused(String why) {
    return new CliException(ExitCodes.FAILED, why);
  }

  /** Brings changes to the device; removes the file where there are none. */
  void write(String boot, List<Change> changes) throws IOException {
    if (changes.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    Path folder = folder();
    if (!Files.exists(folder)) {
      var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      Files.createDirectory(folder, mine);
    }
    trusted(folder);
    Path next = folder.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    byte[] bytes =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Content(boot, changes));
    var options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel out = FileChannel.open(next, options, mine)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }
}
