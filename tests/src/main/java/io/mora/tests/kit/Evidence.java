package io.mora.tests.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Keeps what tells why a test failed, in {@code tests/build/evidence/<test>}: the log of the test's
 * time, its seed, and whatever the test offers. Of a test that passed nothing stays unless {@link
 * #keep} was called. Register it with {@code @RegisterExtension}.
 */
public final class Evidence implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
  private static final Path FOLDER = Repository.buildFolder().resolve("evidence");
  private static final Path LOG = Repository.buildFolder().resolve("test-log.txt");

  /** Most of the log that is kept: the end tells more than the beginning. */
  private static final long LOG_BYTES_MAX = 8L << 20;

  private static final long RECENT_BYTES = 256L << 10;
  private static final int RECENT_LINES = 12;

  private final Map<String, Supplier<String>> offers = new LinkedHashMap<>();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private Path folder = FOLDER;
  private boolean kept;
  private long logStart;

  @Override
  public void beforeTestExecution(ExtensionContext context) throws IOException {
    String name = context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName();
    folder = FOLDER.resolve(name.replaceAll("[^A-Za-z0-9._=+-]+", "_"));
    Repository.delete(folder);
    Files.createDirectories(folder);
    offers.clear();
    kept = false;
    logStart = Files.exists(LOG) ? Files.size(LOG) : 0;
  }

  /** The test's own folder; gone afterwards if the test passes and nothing is kept. */
  public Path folder() {
    return folder;
  }

  /** Keeps the folder whatever happens. */
  public Path keep() {
    kept = true;
    return folder;
  }

  /** Asked only if the test fails. */
  public void offer(String name, Supplier<String> text) {
    offers.put(name, text);
  }

  /** A seed for the test's random choices: of {@code -Dmora.seed}, or new; printed and kept. */
  public long seed() {
    Long given = Long.getLong("mora.seed");
    long seed = given == null ? System.nanoTime() : given;
    System.out.println("seed of " + folder.getFileName() + ": " + seed);
    offer("seed.txt", () -> "-Dmora.seed=" + seed + "\n");
    return seed;
  }

  /** Closes it after the test and after the evidence was taken, last first. */
  public <T extends AutoCloseable> T closing(T resource) {
    toClose.push(resource);
    return resource;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws Exception {
    Throwable failure = context.getExecutionException().orElse(null);
    boolean failed = failure != null && !(failure instanceof TestAbortedException);
    if (failed) {
      offers.forEach(this::take);
      takeLog();
      System.err.println("Evidence: " + folder);
    }
    Exception closing = closeAll();
    if (closing != null && !failed) {
      throw closing;
    }
    if (!failed && !kept) {
      Repository.delete(folder);
    }
  }

  private @Nullable Exception closeAll() {
    Exception first = null;
    while (!toClose.isEmpty()) {
      try {
        toClose.pop().close();
      } catch (Exception e) {
        first = first == null ? e : first;
      }
    }
    return first;
  }

  private void take(String name, Supplier<String> text) {
    String got;
    try {
      got = text.get();
    } catch (RuntimeException e) {
      got = "could not be had: " + e;
    }
    try {
      Files.writeString(folder.resolve(name), got);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void takeLog() throws IOException {
    if (Files.exists(LOG)) {
      Files.write(folder.resolve("log.txt"), logFrom(logStart, LOG_BYTES_MAX));
    }
  }

  private static byte[] logFrom(long start, long bytesMax) throws IOException {
    try (SeekableByteChannel log = Files.newByteChannel(LOG)) {
      long from = Math.max(start, log.size() - bytesMax);
      ByteBuffer bytes = ByteBuffer.allocate((int) (log.size() - from));
      log.position(from);
      while (bytes.hasRemaining() && log.read(bytes) >= 0) {}
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }

  /** The last warnings and errors that were logged; for the message of a failure. */
  public static String recentWarnings() {
    try {
      String end = new String(logFrom(0, RECENT_BYTES), StandardCharsets.UTF_8);
      List<String> told =
          end.lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")).toList();
      return String.join("\n", told.subList(Math.max(0, told.size() - RECENT_LINES), told.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
