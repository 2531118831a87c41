package io.mora.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the kernel tells in {@code /proc} and {@code /sys}. What is not there, or may not be read,
 * reads as empty: a container hides much of it.
 */
final class Machine {
  /** Files of the kernel are small; a longer one is not what was meant. */
  private static final int LENGTH_MAX = 4 << 20;

  private final Path root;

  Machine(Path root) {
    this.root = root;
  }

  /** A file's text without the space around it. */
  String text(String path) {
    try (var in = Files.newInputStream(root.resolve(path))) {
      return new String(in.readNBytes(LENGTH_MAX), StandardCharsets.UTF_8).strip();
    } catch (IOException | SecurityException e) {
      return "";
    }
  }

  List<String> lines(String path) {
    return text(path).lines().map(String::strip).toList();
  }

  /** A file's number, or what it is taken to be where there is none. */
  long number(String path, long otherwise) {
    try {
      return Long.parseLong(text(path));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  boolean has(String path) {
    return Files.exists(root.resolve(path));
  }

  /** The last name of where a link leads; empty where there is none. */
  String target(String path) {
    try {
      return String.valueOf(Files.readSymbolicLink(root.resolve(path)).getFileName());
    } catch (IOException | SecurityException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** Names of what is in a folder, in order. */
  List<String> names(String folder, String glob) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(folder), glob)) {
      entries.forEach(each -> names.add(String.valueOf(each.getFileName())));
    } catch (IOException | SecurityException e) {
      return names; // Not there, or not for us.
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  /** The word in brackets of a choice, as {@code always [madvise] never}. */
  String chosen(String path) {
    String text = text(path);
    int from = text.indexOf('[');
    int to = text.indexOf(']', from + 1);
    return from < 0 || to < 0 ? text : text.substring(from + 1, to);
  }

  /**
   * A setting's value: of a choice the chosen word.
   *
   * <p>Empty where it cannot be read.
   */
  String value(String path) {
    return chosen(path).replaceAll("\\s+", " ");
  }

  /** Writes a setting, as {@code echo value > path} does. */
  void set(Setting setting) throws IOException {
    Files.writeString(
        root.resolve(setting.path()),
        setting.value() + "\n",
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }
}
