package io.mora.target.backend;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What storage to open. {@link Backends#check} says whether it can be.
 *
 * @param path file or device; null for MEMORY and NULL
 * @param sizeBytes MEMORY, NULL: capacity. FILE: capacity to create or extend to, 0 to take an
 *     existing file as it is. BLOCK: 0, or what the device must have
 * @param blockSizeBytes 512 or 4096
 */
public record BackendOptions(
    Kind kind,
    @Nullable String path,
    long sizeBytes,
    int blockSizeBytes,
    DirectIo directIo,
    Set<Flag> flags) {

  /** What every buffer of the target is aligned to. */
  public static final int BUFFER_ALIGN_BYTES = 4096;

  /** Where the blocks are. */
  public enum Kind {
    MEMORY,
    NULL,
    FILE,
    BLOCK
  }

  /** Whether the page cache is passed by. */
  public enum DirectIo {
    /** Wherever the storage allows it for this block size; else buffered, which is logged. */
    AUTO,
    /** Or refuse to open. */
    ON,
    OFF
  }

  /** Yes-or-no choices. */
  public enum Flag {
    /** FILE: take all the space at once, so that a write never meets a full file system. */
    PREALLOCATE,
    READ_ONLY,
    /** Data is aligned in memory to blocks only, not to pages: the storage is part of another. */
    IN_PIECES
  }

  public BackendOptions {
    flags = Set.copyOf(flags);
  }

  public static BackendOptions memory(long sizeBytes, int blockSizeBytes) {
    return new BackendOptions(
        Kind.MEMORY, null, sizeBytes, blockSizeBytes, DirectIo.AUTO, Set.of());
  }

  public static BackendOptions nothing(long sizeBytes, int blockSizeBytes) {
    return new BackendOptions(Kind.NULL, null, sizeBytes, blockSizeBytes, DirectIo.AUTO, Set.of());
  }

  public static BackendOptions file(String path, long sizeBytes, int blockSizeBytes) {
    return new BackendOptions(Kind.FILE, path, sizeBytes, blockSizeBytes, DirectIo.AUTO, Set.of());
  }

  public static BackendOptions block(String path, int blockSizeBytes) {
    return new BackendOptions(Kind.BLOCK, path, 0, blockSizeBytes, DirectIo.AUTO, Set.of());
  }

  public BackendOptions with(DirectIo choice) {
    return new BackendOptions(kind, path, sizeBytes, blockSizeBytes, choice, flags);
  }

  public BackendOptions with(Flag... set) {
    return new BackendOptions(kind, path, sizeBytes, blockSizeBytes, directIo, Set.of(set));
  }

  /** As part of a striped storage. */
  public BackendOptions inPieces() {
    EnumSet<Flag> more = EnumSet.of(Flag.IN_PIECES);
    more.addAll(flags);
    return new BackendOptions(kind, path, sizeBytes, blockSizeBytes, directIo, more);
  }

  /** What data is aligned to in memory. */
  public int memoryAlignBytes() {
    return flags.contains(Flag.IN_PIECES) ? blockSizeBytes : BUFFER_ALIGN_BYTES;
  }

  public boolean preallocate() {
    return flags.contains(Flag.PREALLOCATE);
  }

  public boolean readOnly() {
    return flags.contains(Flag.READ_ONLY);
  }

  /** Why storage cannot be opened: the field, its value and what is allowed. */
  public static final class Problem extends IOException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** Says {@code field value: allowed}. */
    public Problem(String field, Object value, String allowed) {
      super(field + " " + value + ": " + allowed);
      this.field = field;
    }

    /** Name of the record component at fault. */
    public String field() {
      return field;
    }
  }
}
