package io.mora.protocol.data.log;

import io.mora.protocol.data.Bytes;
import java.util.Objects;

/** 256 little-endian words of 4 bytes by opcode, log page or feature id. */
final class WordTable {
  static final int ENTRIES = 256;

  private WordTable() {}

  static int get(Bytes bytes, int at, int index) {
    return (int)
        bytes.littleEndian(at + Objects.checkIndex(index, ENTRIES) * Integer.BYTES, Integer.BYTES);
  }

  static void set(byte[] page, int at, int index, int word) {
    int pos = at + Objects.checkIndex(index, ENTRIES) * Integer.BYTES;
    for (int i = 0; i < Integer.BYTES; i++) {
      page[pos + i] = (byte) (word >>> 8 * i);
    }
  }
}
