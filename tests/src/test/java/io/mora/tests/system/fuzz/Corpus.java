package io.mora.tests.system.fuzz;

import io.mora.tests.kit.Repository;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Inputs that once did harm, or are near to what did: files {@code fuzz/*.hex} of the resources. A
 * line is a comment ({@code #}), the stage and DGST ({@code queue 3}), or bytes that the host sends
 * from there on.
 */
final class Corpus {
  private static final Path FOLDER = Repository.root().resolve("tests/src/test/resources/fuzz");
  private static final int WIDTH = 64;

  private Corpus() {}

  /** How far a connection has come before anything is wrong. */
  enum Stage {
    /** Nothing was said. */
    TCP(0),
    /** After ICResp. */
    INITIALISED(1),
    /** An admin queue, CC.EN 0. */
    ADMIN(2),
    /** An admin queue of a controller that is ready. */
    READY(3),
    /** An I/O queue. */
    QUEUE(2);

    private final int pdus;

    Stage(int pdus) {
      this.pdus = pdus;
    }

    /** PDUs it takes to get there. */
    int pdus() {
      return pdus;
    }
  }

  /** What a host says from a stage on. */
  record Input(String name, Stage stage, int dgst, String hex) {
    byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A connection that has come so far.
   *
   * @param session the controller that I/O queues are of
   * @param variant 0 to 3: the queue, and the HPDA asked for
   */
  static RawHost begin(
      InetSocketAddress address, RawSession session, Stage stage, int dgst, int variant) {
    RawHost host = RawHost.connect(address);
    if (stage == Stage.TCP) {
      return host;
    }
    host.initialise(dgst, variant);
    if (stage == Stage.QUEUE) {
      Conversation.connect(
          host, Capsules.connect(1 + variant, session.cntlid(), Conversation.nqn()));
    } else if (stage != Stage.INITIALISED) {
      Conversation.connect(host, Capsules.connect(0, 0xFFFF, Conversation.nqn()));
    }
    if (stage == Stage.READY) {
      host.run(Capsules.propertySet(99, RawSession.CC, RawSession.ENABLE));
    }
    return host;
  }

  /** All that are kept, in order of their names. */
  static List<Input> inputs() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".hex"))
          .sorted()
          .map(Corpus::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Input read(Path file) {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      lines.removeIf(line -> line.isBlank() || line.startsWith("#"));
      String[] head = lines.remove(0).split(" ", -1);
      return new Input(
          file.getFileName().toString(),
          Stage.valueOf(head[0].toUpperCase(Locale.ROOT)),
          Integer.parseInt(head[1]),
          String.join("", lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seeds of conversations that did harm: the lines of {@code fuzz/seeds.txt}. */
  static List<Long> seeds() {
    try (Stream<String> lines = Files.lines(FOLDER.resolve("seeds.txt"))) {
      return lines
          .map(line -> line.replaceAll("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(Long::valueOf)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what a conversation said to a file of the build folder; returns its path. */
  static Path keep(Stage stage, int dgst, byte[] bytes, long seed) {
    try {
      Path folder = Files.createDirectories(Repository.buildFolder().resolve("fuzz"));
      List<String> lines = new ArrayList<>();
      lines.add("# conversation " + seed);
      lines.add(stage.name().toLowerCase(Locale.ROOT) + " " + dgst);
      for (int at = 0; at < bytes.length; at += WIDTH) {
        lines.add(HexFormat.of().formatHex(bytes, at, Math.min(bytes.length, at + WIDTH)));
      }
      return Files.write(folder.resolve(seed + ".hex"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
