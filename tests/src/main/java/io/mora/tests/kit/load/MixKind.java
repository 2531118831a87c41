package io.mora.tests.kit.load;

import java.util.SplittableRandom;

/** What a command of a {@link RandomMix} does. */
enum MixKind {
  READ,
  WRITE,
  COMPARE,
  COMPARE_OTHER,
  WRITE_ZEROES,
  DEALLOCATE,
  FLUSH;

  static MixKind draw(SplittableRandom random) {
    int percent = random.nextInt(100);
    if (percent < 45) {
      return READ;
    } else if (percent < 85) {
      return WRITE;
    } else if (percent < 89) {
      return COMPARE;
    } else if (percent < 91) {
      return COMPARE_OTHER;
    } else if (percent < 94) {
      return WRITE_ZEROES;
    }
    return percent < 97 ? DEALLOCATE : FLUSH;
  }

  boolean compares() {
    return this == COMPARE || this == COMPARE_OTHER;
  }

  boolean changes() {
    return this == WRITE || this == WRITE_ZEROES || this == DEALLOCATE;
  }
}
