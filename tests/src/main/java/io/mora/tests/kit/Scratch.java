package io.mora.tests.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder in {@code tests/build}, removed when closed: on a real disk, not in memory. */
public final class Scratch implements AutoCloseable {
  private final Path folder;

  public Scratch() {
    try {
      Path in = Files.createDirectories(Repository.buildFolder().resolve("scratch"));
      folder = Files.createTempDirectory(in, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    Repository.delete(folder);
  }
}
