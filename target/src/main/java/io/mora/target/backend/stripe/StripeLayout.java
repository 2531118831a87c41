package io.mora.target.backend.stripe;

/**
 * Where the bytes of a striped storage are: chunk after chunk, on one member after the other.
 *
 * <pre>
 *  chunk   0  1  2 | 3  4  5 | 6 ...        three members:
 *  member  0  1  2 | 0  1  2 | 0 ...        chunk 4 is the second of member 1
 * </pre>
 *
 * @param members at least 2
 * @param chunkBytes a multiple of the block size
 */
record StripeLayout(int members, long chunkBytes) {
  int memberOf(long offset) {
    return (int) (offset / chunkBytes % members);
  }

  /** Offset in {@link #memberOf} of a byte. */
  long offsetIn(long offset) {
    return offset / chunkBytes / members * chunkBytes + offset % chunkBytes;
  }

  /** Bytes of the chunk from an offset on. */
  long leftInChunk(long offset) {
    return chunkBytes - offset % chunkBytes;
  }

  /** Bytes of a member that lie before an offset of the whole; where its part of a range begins. */
  long before(int member, long offset) {
    long stripe = chunkBytes * members;
    long within = offset % stripe - member * chunkBytes;
    return offset / stripe * chunkBytes + Math.max(0, Math.min(chunkBytes, within));
  }

  /** Sizes are multiples of this. */
  long stripeBytes() {
    return chunkBytes * members;
  }
}
