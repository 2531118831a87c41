package io.mora.cli.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What was looked at, what was found, and what to do about it.
 *
 * @param check two or three words
 * @param found what the machine says
 * @param why what it costs; empty where nothing is to be done
 * @param change what to do, as commands where there are some; likewise
 */
record Finding(String check, State state, String found, String why, String change) {
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
    return new Finding(check, State.GOOD, found, "", "");
  }

  static Finding unknown(String check, String found) {
    return new Finding(check, State.UNKNOWN, found, "", "");
  }

  static Finding advice(String check, String found, String why, String change) {
    return new Finding(check, State.ADVICE, found, why, change);
  }

  static Finding problem(String check, String found, String why, String change) {
    return new Finding(check, State.PROBLEM, found, why, change);
  }

  Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("check", check);
    map.put("state", state.word());
    map.put("found", found);
    map.put("why", why);
    map.put("change", change);
    return map;
  }
}
