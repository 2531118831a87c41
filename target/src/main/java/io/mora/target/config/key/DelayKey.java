package io.mora.target.config.key;

import static io.mora.protocol.admin.Quantity.formatBytes;
import static io.mora.protocol.admin.Quantity.formatDuration;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.BackendSpec.Device;
import io.mora.protocol.admin.BackendSpec.Direction;

/** The keys of a modelled device, in the order of the reference. */
public enum DelayKey implements ConfigKey {
  DELAY(
      "",
      "section",
      "none",
      "",
      "Makes the storage as slow as a modelled device, one for all shards: for experiments. What is"
          + " left out is a flash device of the middle range; `delay: {}` is it."),
  PARALLELISM(
      ".parallelism",
      "number",
      "" + Device.FLASH.parallelism(),
      ConfigKey.bounds(Device.PARALLELISM),
      "Operations served at once; more wait in order of arrival."),
  SCALE(
      ".scale",
      "number",
      "" + Device.FLASH.scale(),
      ConfigKey.bounds(Device.SCALE),
      "Every time is so many times as long and every bandwidth as many times less."),
  SLOW_EVERY(
      ".slowEvery",
      "number",
      "" + Device.FLASH.slowEvery(),
      ConfigKey.bounds(Device.SLOW_EVERY),
      "One in so many operations, at random, takes `slowTime` more; 0 none."),
  SLOW_TIME(
      ".slowTime",
      "duration",
      formatDuration(Device.FLASH.slowTime()),
      times(),
      "What a slow operation takes more."),
  READ(".read", "section", "", "", "Operations that move data to hosts."),
  READ_TIME(".read.time", Device.FLASH.read()),
  READ_SPREAD(".read.spread", Device.FLASH.read()),
  READ_PER_MIB(".read.perMiB", Device.FLASH.read()),
  READ_BANDWIDTH(".read.bandwidth", Device.FLASH.read()),
  WRITE(".write", "section", "", "", "Writes, and all that moves no data."),
  WRITE_TIME(".write.time", Device.FLASH.write()),
  WRITE_SPREAD(".write.spread", Device.FLASH.write()),
  WRITE_PER_MIB(".write.perMiB", Device.FLASH.write()),
  WRITE_BANDWIDTH(".write.bandwidth", Device.FLASH.write());

  private static final String SECTION = "subsystems[].namespaces[].backend.delay";

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  DelayKey(String place, String form, String byDefault, String allowed, String meaning) {
    this.text = new Text(SECTION + place, form, byDefault, allowed, meaning);
  }

  /** A key that both directions have. */
  DelayKey(String place, Direction flash) {
    this(place, form(place), byDefault(place, flash), bounds(place), meaning(place));
  }

  private static String last(String place) {
    return place.substring(place.lastIndexOf('.') + 1);
  }

  private static String form(String place) {
    return last(place).equals("bandwidth") ? "size" : "duration";
  }

  private static String byDefault(String place, Direction flash) {
    return switch (last(place)) {
      case "time" -> formatDuration(flash.time());
      case "spread" -> formatDuration(flash.spread());
      case "perMiB" -> formatDuration(flash.perMib());
      default -> formatBytes(flash.bytesPerSecond());
    };
  }

  private static String bounds(String place) {
    return last(place).equals("bandwidth") ? ConfigKey.byteBounds(Device.BANDWIDTH) : times();
  }

  private static String meaning(String place) {
    return switch (last(place)) {
      case "time" -> "What every operation takes.";
      case "spread" -> "Up to so much more, at random.";
      case "perMiB" -> "More for each MiB of one operation.";
      default ->
          "What all operations together may move in a second; 0 is unbounded. Both directions share"
              + " the device: each takes its part of every second.";
    };
  }

  private static String times() {
    return "0us to " + formatDuration(BackendSpec.Device.TIME_MAX);
  }

  @Override
  public Text text() {
    return text;
  }
}
