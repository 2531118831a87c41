package io.mora.cli.streams;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Streams that belong together, by a name. */
public enum Preset {
  /** One step-critical reader beside writers and readers that take all they can. */
  CRITICAL_VS_BULK(
      "critical:read:4k:qd1:step:budget=500us", "bulk:mixed50:128k:qd128:connections=4"),
  /** The same, and a prefetcher that may lose. */
  STEP_PREFETCH_BULK(
      "critical:read:4k:qd1:step:budget=500us",
      "prefetch:read:64k:qd8:confidence=30",
      "bulk:write:128k:qd128:connections=4"),
  /** Interactive traffic of a rate beside a scrub. */
  INTERACTIVE_VS_BACKGROUND(
      "interactive:mixed70:8k:rate=1000:qd64", "background:read:128k:qd32:connections=2");

  private final String streams;

  Preset(String... streams) {
    this.streams = String.join(" ", streams);
  }

  /** The name on a command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The streams, as they would be typed. */
  public List<String> texts() {
    return List.of(streams.split(" ", -1));
  }

  public List<StreamSpec> streams() {
    StreamSyntax syntax = new StreamSyntax();
    return texts().stream().map(syntax::convert).toList();
  }

  /** All names. */
  public static List<String> words() {
    return Stream.of(values()).map(Preset::word).toList();
  }
}
