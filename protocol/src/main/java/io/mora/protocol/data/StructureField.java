package io.mora.protocol.data;

/** One field of a cold structure; enums implement it, one constant a field, in order of offset. */
public interface StructureField {
  /** How the bytes of a field are read. */
  enum Kind {
    /** Little-endian unsigned number of 1 to 8 or of 16 bytes. */
    NUMBER,
    /** ASCII padded with spaces. */
    TEXT,
    /** ASCII or UTF-8 padded with NUL. */
    NUL_TEXT,
    /** Bytes in the order they are printed, or an area with a layout of its own. */
    BYTES
  }

  /** Packs where a field is and how it is read into the number that {@link #span} returns. */
  final class Span {
    private static final long NUMBER = 0;
    private static final long TEXT = 1;
    private static final long NUL_TEXT = 2;
    private static final long BYTES = 3;

    private Span() {}

    public static long numberAt(int offset, int width) {
      return pack(offset, width, NUMBER);
    }

    public static long textAt(int offset, int width) {
      return pack(offset, width, TEXT);
    }

    public static long nulTextAt(int offset, int width) {
      return pack(offset, width, NUL_TEXT);
    }

    public static long bytesAt(int offset, int width) {
      return pack(offset, width, BYTES);
    }

    private static long pack(int offset, int width, long kind) {
      return offset | (long) width << 16 | kind << 32;
    }
  }

  /** The specification's mnemonic. */
  String name();

  /** Bits 15:0 offset, 31:16 width, 39:32 kind. */
  long span();

  /** First byte in the structure. */
  default int offset() {
    return (int) span() & 0xFFFF;
  }

  /** Width in bytes. */
  default int width() {
    return (int) span() >>> 16;
  }

  default Kind kind() {
    long kind = span() >>> 32;
    if (kind == Span.TEXT) {
      return Kind.TEXT;
    }
    if (kind == Span.NUL_TEXT) {
      return Kind.NUL_TEXT;
    }
    return kind == Span.BYTES ? Kind.BYTES : Kind.NUMBER;
  }
}
