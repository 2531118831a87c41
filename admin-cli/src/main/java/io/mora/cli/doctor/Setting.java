package io.mora.cli.doctor;

import java.util.Map;

/**
 * A value for a file of the kernel.
 *
 * @param path below {@code proc} or {@code sys}, without a slash before
 * @param value as it is written
 */
record Setting(String path, String value) {
  Map<String, Object> map() {
    return Map.of("path", "/" + path, "value", value);
  }
}
