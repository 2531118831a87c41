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

  /**
   * Where a field is and how it is read.
   *
   * @param offset first byte in the structure
   * @param width in bytes
   */
  record Span(int offset, int width, Kind kind) {
    public static Span numberAt(int offset, int width) {
      return new Span(offset, width, Kind.NUMBER);
    }

    public static Span textAt(int offset, int width) {
      return new Span(offset, width, Kind.TEXT);
    }

    public static Span nulTextAt(int offset, int width) {
      return new Span(offset, width, Kind.NUL_TEXT);
    }

    public static Span bytesAt(int offset, int width) {
      return new Span(offset, width, Kind.BYTES);
    }
  }

  /** The specification's mnemonic. */
  String name();

  Span span();

  default int offset() {
    return span().offset();
  }

  default int width() {
    return span().width();
  }

  default Kind kind() {
    return span().kind();
  }
}
