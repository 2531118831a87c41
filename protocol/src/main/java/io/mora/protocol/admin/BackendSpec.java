package io.mora.protocol.admin;

/** The storage behind a namespace. */
public sealed interface BackendSpec {
  /** Sizes of what has no size of its own. */
  Range SIZE_BYTES = new Range(1L << 20, 1L << 30, 1L << 60);

  /** A file or device whose size is taken as found. */
  long SIZE_AS_FOUND = 0;

  /** The word for it in a configuration. */
  String kind();

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
}
