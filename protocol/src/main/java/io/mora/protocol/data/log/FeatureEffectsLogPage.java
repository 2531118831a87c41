package io.mora.protocol.data.log;

import io.mora.protocol.data.Bytes;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Feature Identifiers Supported and Effects, log 12h: u32 for each feature; bit 0 supported, bit 1
 * changes user data, bit 2 changes namespace capabilities, 31:20 scope.
 *
 * @param bytes all {@value #LENGTH} of them
 */
public record FeatureEffectsLogPage(Bytes bytes) {
  public static final int LENGTH = WordTable.ENTRIES * Integer.BYTES;

  /** Bit 0 of an entry. */
  public static final int SUPPORTED = 1;

  /** Scope of an entry: its value is a namespace's. */
  public static final int NAMESPACE = 1 << 20;

  /** Scope of an entry: its value is the controller's. */
  public static final int CONTROLLER = 1 << 21;

  public FeatureEffectsLogPage {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException(bytes.length() + " bytes, not " + LENGTH);
    }
  }

  /** A page of the given words by id; an id not named is not supported. */
  public static FeatureEffectsLogPage of(Map<Integer, Integer> words) {
    byte[] page = new byte[LENGTH];
    words.forEach((id, word) -> WordTable.set(page, 0, id, word));
    return new FeatureEffectsLogPage(Bytes.of(page));
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static FeatureEffectsLogPage decode(ByteBuf buf, int at) {
    return new FeatureEffectsLogPage(Bytes.copyOf(buf, at, LENGTH));
  }

  public void encode(ByteBuf buf, int at) {
    bytes.encode(buf, at);
  }

  /** The word of an id, 0 if it is not supported. */
  public int word(int featureId) {
    return WordTable.get(bytes, 0, featureId);
  }

  public boolean supports(int featureId) {
    return (word(featureId) & SUPPORTED) != 0;
  }
}
