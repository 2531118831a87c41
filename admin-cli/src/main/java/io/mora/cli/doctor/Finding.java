package io.mora.cli.doctor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was looked at, what was found, and what to do about it.
 *
 * @param check two or three words
 * @param found what the machine says
 * @param why what it costs; empty where nothing is to be done
 * @param change what to do, as commands where there are some; likewise
 * @param settings what of that {@code --apply} does
 */
record Finding(
    String check, State state, String found, String why, String change, List<Setting> settings) {
  /** How it stands. */
  enum State {
    /** As it should be. */
    GOOD,
    /** It costs latency, or may. */
    ADVICE,
    /** Something does not work, or not as promised. */
    PROBLEM,
    /** The machine does not tell. */
    UNKNOWN;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding good(String check, String found) {
    return new Finding(check, State.GOOD, found, "", "", List.of());
  }

  static Finding unknown(String check, String found) {
    return new Finding(check, State.UNKNOWN, found, "", "", List.of());
  }

  static Finding advice(String check, String found, String why, String change) {
    return new Finding(check, State.ADVICE, found, why, change, List.of());
  }

  static Finding problem(String check, String found, String why, String change) {
    return new Finding(check, State.PROBLEM, found, why, change, List.of());
  }

  /** With what can be done about it by writing into files of the kernel. */
  Finding by(List<Setting> some) {
    return new Finding(check, state, found, why, change, List.copyOf(some));
  }

  Finding by(String path, String value) {
    return by(List.of(new Setting(path, value)));
  }

  Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("check", check);
    map.put("state", state.word());
    map.put("found", found);
    map.put("why", why);
    map.put("change", change);
    map.put("settings", settings.stream().map(Setting::map).toList());
    return map;
  }
}
