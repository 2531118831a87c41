package io.mora.target.config.key;

import static io.mora.protocol.admin.Quantity.formatBytes;
import static io.mora.protocol.admin.Quantity.formatDuration;

import io.mora.protocol.admin.Range;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A key of the configuration file: what the reader knows, and what docs/configuration.md says (a
 * test compares the two).
 */
public interface ConfigKey {
  /** Words of a class. */
  String CLASSES = "background, bulk, prefetch, normal, interactive, low_latency, critical";

  /** Bounds of a floor of budgets. */
  String MIN_BUDGET = "0us to 1s";

  /**
   * What the reference says of a key.
   *
   * @param pattern path with {@code []} for every position in a list
   * @param form kind of value: section, list, number, size, ...
   * @param byDefault what holds when the key is left out
   * @param allowed bounds or words; empty when the form says it all
   */
  record Text(String pattern, String form, String byDefault, String allowed, String meaning) {}

  Text text();

  /** Every key, in the order of the reference. */
  static List<ConfigKey> all() {
    return Stream.<ConfigKey[]>of(
            AdminKey.values(),
            ServerKey.values(),
            PolicyKey.values(),
            DhchapKey.values(),
            TlsPskKey.values(),
            SubsystemKey.values(),
            DelayKey.values(),
            FaultKey.values())
        .flatMap(Stream::of)
        .toList();
  }

  /** Path with {@code []} for every position in a list. */
  default String pattern() {
    return text().pattern;
  }

  /** Last part of the path: the key as written. */
  default String key() {
    return pattern().substring(pattern().lastIndexOf('.') + 1);
  }

  /** Path of the section or list entry the key stands in; empty at the top. */
  default String parent() {
    int dot = pattern().lastIndexOf('.');
    return dot < 0 ? "" : pattern().substring(0, dot);
  }

  default String form() {
    return text().form;
  }

  default String byDefault() {
    return text().byDefault;
  }

  default String allowed() {
    return text().allowed;
  }

  default String meaning() {
    return text().meaning;
  }

  static String bounds(Range range) {
    return range.min() + " to " + range.max();
  }

  static String byteBounds(Range range) {
    return formatBytes(range.min()) + " to " + formatBytes(range.max());
  }

  static String durationBounds(Range rangeMs) {
    return formatDuration(Duration.ofMillis(rangeMs.min()))
        + " to "
        + formatDuration(Duration.ofMillis(rangeMs.max()));
  }

  static String micros(long us) {
    return formatDuration(Duration.ofNanos(us * 1000));
  }

  static String microBounds(Range rangeUs) {
    return micros(rangeUs.min()) + " to " + micros(rangeUs.max());
  }
}
