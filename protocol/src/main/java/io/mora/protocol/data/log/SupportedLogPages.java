package io.mora.protocol.data.log;

import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Supported Log Pages, log 00h: u32 for each log page; bit 0 supported, bit 1 index offset, 31:16
 * the page's own.
 *
 * @param bytes all {@value #LENGTH} of them
 */
public record SupportedLogPages(Bytes bytes) {
  public static final int LENGTH = WordTable.ENTRIES * Integer.BYTES;

  /** Bit 0 of an entry. */
  public static final int SUPPORTED = 1;

  public SupportedLogPages {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException(bytes.length() + " bytes, not " + LENGTH);
    }
  }

  /** A page of the given words by id; an id not named is not supported. */
  public static SupportedLogPages of(Map<Integer, Integer> words) {
    byte[] page = new byte[LENGTH];
    words.forEach((id, word) -> WordTable.set(page, 0, id, word));
    return new SupportedLogPages(Bytes.of(page));
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static SupportedLogPages decode(ByteBuf buf, int at) {
    return new SupportedLogPages(Bytes.copyOf(buf, at, LENGTH));
  }

  public void encode(ByteBuf buf, int at) {
    bytes.encode(buf, at);
  }

  /** The word of an id, 0 if it is not supported. */
  public int word(int logPageId) {
    return WordTable.get(bytes, 0, logPageId);
  }

  public boolean supports(int logPageId) {
    return (word(logPageId) & SUPPORTED) != 0;
  }
}
