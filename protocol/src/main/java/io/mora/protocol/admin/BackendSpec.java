package io.mora.protocol.admin;

import io.mora.protocol.admin.storage.FaultSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The storage behind a namespace. */
public sealed interface BackendSpec {
  /** Sizes of what has no size of its own. */
  Range SIZE_BYTES = new Range(1L << 20, 1L << 30, 1L << 60);

  /** A file or device whose size is taken as found. */
  long SIZE_AS_FOUND = 0;

  /** The word for it in a configuration. */
  String kind();

  /** What holds the blocks, without what is laid around it. */
  default BackendSpec storage() {
    return this;
  }

  /** Its blocks are there after the process has ended. */
  default boolean isDurable() {
    return storage() instanceof File || storage() instanceof Block || storage() instanceof Stripe;
  }

  /** Its blocks, or some of them, are in a file of this name. */
  default boolean isIn(Path file) {
    BackendSpec storage = storage();
    return storage instanceof File one && Path.of(one.path()).equals(file)
        || storage instanceof Stripe parts
            && parts.paths().stream().anyMatch(each -> Path.of(each).equals(file));
  }

  /** Whether reads and writes go past the page cache. */
  enum DirectIo {
    /** Where the file system can. */
    AUTO,
    /** Refused where it cannot. */
    REQUIRED,
    NEVER
  }

  /** Memory of the process; gone when it ends. */
  record Memory(long sizeBytes) implements BackendSpec {
    @Override
    public String kind() {
      return "memory";
    }
  }

  /** Swallows writes and reads zeroes: for measuring everything else. */
  record Null(long sizeBytes) implements BackendSpec {
    @Override
    public String kind() {
      return "null";
    }
  }

  /**
   * A regular file.
   *
   * @param path absolute once loaded; a relative path in a file is relative to that file's folder
   * @param sizeBytes made that large if missing; must match if it exists. {@link #SIZE_AS_FOUND}
   *     takes the existing file's
   * @param preallocate a new file gets all its blocks at once instead of being sparse
   */
  record File(String path, long sizeBytes, boolean preallocate, DirectIo direct, boolean readOnly)
      implements BackendSpec {
    @Override
    public String kind() {
      return "file";
    }
  }

  /** A block device, whole. Its content is the namespace's: nothing else may be using it. */
  record Block(String path, DirectIo direct, boolean readOnly) implements BackendSpec {
    @Override
    public String kind() {
      return "block";
    }
  }

  /**
   * Files of one size, striped: chunk after chunk, on one file after the other.
   *
   * @param paths as a file's path, each once
   * @param sizeBytes of all together; {@link #SIZE_AS_FOUND} takes the existing files'
   * @param chunkBytes what lies on one file before the next one's turn
   */
  record Stripe(
      List<String> paths,
      long sizeBytes,
      long chunkBytes,
      boolean preallocate,
      DirectIo direct,
      boolean readOnly)
      implements BackendSpec {
    public static final Range PATHS = new Range(2, 2, 32);
    public static final Range CHUNK_BYTES = new Range(4 << 10, 128 << 10, 1 << 30);

    public Stripe {
      paths = List.copyOf(paths);
    }

    @Override
    public String kind() {
      return "stripe";
    }

    /** One of the files, as it would be alone. */
    public File file(int index) {
      return new File(paths.get(index), sizeBytes / paths.size(), preallocate, direct, readOnly);
    }

    List<Problem> problems(String key, int blockBytes) {
      List<Problem> problems = new ArrayList<>();
      if (!PATHS.contains(paths.size())) {
        String allowed = PATHS.min() + " to " + PATHS.max() + " entries";
        problems.add(
            Problem.of(
                key + ".paths", paths.size() + " entries", allowed, "no such number of files"));
      }
      if (!CHUNK_BYTES.contains(chunkBytes) || blockBytes > 0 && chunkBytes % blockBytes != 0) {
        String bounds =
            Quantity.formatBytes(CHUNK_BYTES.min())
                + " to "
                + Quantity.formatBytes(CHUNK_BYTES.max());
        problems.add(
            Problem.of(
                key + ".chunk",
                Quantity.formatBytes(chunkBytes),
                bounds + ", a multiple of blockSize " + blockBytes,
                "no such chunk"));
      } else if (!paths.isEmpty() && sizeBytes % (chunkBytes * paths.size()) != 0) {
        String allowed =
            "a multiple of "
                + Quantity.formatBytes(chunkBytes * paths.size())
                + ", a chunk on each file";
        problems.add(
            Problem.of(
                key + ".size", Quantity.formatBytes(sizeBytes), allowed, "not whole stripes"));
      } else if (sizeBytes != SIZE_AS_FOUND
          && sizeBytes < SIZE_BYTES.min() * Math.max(1, paths.size())) {
        String allowed = Quantity.formatBytes(SIZE_BYTES.min()) + " for each file";
        problems.add(
            Problem.of(key + ".size", Quantity.formatBytes(sizeBytes), allowed, "too small"));
      }
      return problems;
    }
  }

  /**
   * A storage made as slow as a modelled device: for experiments on machines without one.
   *
   * @param inner any other
   */
  record Delayed(BackendSpec inner, Device device) implements BackendSpec {
    @Override
    public String kind() {
      return inner.kind();
    }

    @Override
    public BackendSpec storage() {
      return inner.storage();
    }
  }

  /**
   * A storage that fails on purpose: for tests of hosts.
   *
   * @param inner any other
   */
  record Faulty(BackendSpec inner, FaultSpec faults) implements BackendSpec {
    @Override
    public String kind() {
      return inner.kind();
    }

    @Override
    public BackendSpec storage() {
      return inner.storage();
    }
  }

  /**
   * A modelled device, one for all shards.
   *
   * @param parallelism operations served at once
   * @param scale every time is so many times as long, every bandwidth as many times less
   * @param read what moves data to hosts
   * @param write what moves data from hosts
   * @param slowEvery one in so many operations takes {@code slowTime} more, at random; 0 none
   */
  record Device(
      int parallelism,
      int scale,
      Direction read,
      Direction write,
      int slowEvery,
      Duration slowTime) {
    public static final Range PARALLELISM = new Range(1, 32, 1024);
    public static final Range SCALE = new Range(1, 1, 1000);
    public static final Duration TIME_MAX = Duration.ofSeconds(10);
    public static final Range BANDWIDTH = new Range(0, 0, 1L << 40);
    public static final Range SLOW_EVERY = new Range(0, 1000, 1_000_000_000);

    /**
     * A flash device of the middle range, made so that this is the narrow place even on a small
     * machine: reads of 4 KiB in 80 to 100 us, writes of 128 KiB bound by bandwidth.
     */
    public static final Device FLASH =
        new Device(
            (int) PARALLELISM.defaultValue(),
            (int) SCALE.defaultValue(),
            new Direction(micros(80), micros(20), micros(250), 800L << 20),
            new Direction(micros(100), micros(40), micros(500), 400L << 20),
            (int) SLOW_EVERY.defaultValue(),
            micros(2000));

    private static Duration micros(int micros) {
      return Duration.ofNanos(1000L * micros);
    }

    /** What is out of range, each under its key. */
    List<Problem> problems(String key) {
      List<Problem> problems = new ArrayList<>();
      number(problems, key + ".parallelism", parallelism, PARALLELISM);
      number(problems, key + ".scale", scale, SCALE);
      number(problems, key + ".slowEvery", slowEvery, SLOW_EVERY);
      time(problems, key + ".slowTime", slowTime);
      read.check(problems, key + ".read");
      write.check(problems, key + ".write");
      return problems;
    }

    private static void number(List<Problem> problems, String key, long value, Range range) {
      if (!range.contains(value)) {
        String allowed = range.min() + " to " + range.max();
        problems.add(Problem.of(key, value, allowed, "out of range"));
      }
    }

    private static void time(List<Problem> problems, String key, Duration value) {
      if (value.compareTo(TIME_MAX) > 0 || value.isNegative()) {
        String allowed = "0us to " + Quantity.formatDuration(TIME_MAX);
        problems.add(Problem.of(key, Quantity.formatDuration(value), allowed, "out of range"));
      }
    }
  }

  /**
   * How long a device takes in one direction.
   *
   * @param time of every operation
   * @param spread up to so much more, uniformly
   * @param perMib for each MiB of one operation
   * @param bytesPerSecond what all operations together may move; 0 is unbounded
   */
  record Direction(Duration time, Duration spread, Duration perMib, long bytesPerSecond) {
    private void check(List<Problem> problems, String key) {
      Device.time(problems, key + ".time", time);
      Device.time(problems, key + ".spread", spread);
      Device.time(problems, key + ".perMiB", perMib);
      if (!Device.BANDWIDTH.contains(bytesPerSecond)) {
        String allowed = "0B to " + Quantity.formatBytes(Device.BANDWIDTH.max());
        String value = Quantity.formatBytes(bytesPerSecond);
        problems.add(Problem.of(key + ".bandwidth", value, allowed, "out of range"));
      }
    }
  }
}
