package io.mora.cli.manage.importing;

import io.mora.cli.manage.client.Doc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A configuration while it is made of another target's, and what of that has no place in it. */
final class Imported {
  private final Map<String, Doc> hosts = new LinkedHashMap<>();
  private final Map<String, Doc> listeners = new LinkedHashMap<>();
  private final Map<String, Doc> subsystems = new LinkedHashMap<>();
  private final Set<String> left = new LinkedHashSet<>();

  /** Remembers what is not carried over, and why. */
  void leave(String what, String why) {
    left.add(what + ": " + why);
  }

  Doc host(String nqn) {
    return hosts.computeIfAbsent(nqn, name -> Doc.empty().put("nqn", name));
  }

  Doc subsystem(String nqn) {
    return subsystems.computeIfAbsent(nqn, name -> Doc.empty().put("nqn", name));
  }

  /** Null if there is none. */
  @Nullable Doc known(String nqn) {
    return subsystems.get(nqn);
  }

  /** Another subsystem that is reached at an address, or none of them yet. */
  Doc listener(String address, String port) {
    return listeners.computeIfAbsent(
        address + " " + port, key -> Doc.empty().put("address", address).put("port", number(port)));
  }

  /** Adds to a list of texts what is not in it. */
  static void add(Doc doc, String key, String value) {
    List<String> texts = doc.texts(key);
    if (!texts.contains(value)) {
      texts.add(value);
    }
    doc.put(key, texts);
  }

  /** Adds to a list of objects. */
  static void add(Doc doc, String key, Doc value) {
    List<Doc> docs = doc.docs(key);
    docs.add(value);
    doc.putDocs(key, docs);
  }

  /** Digits as a number, so that they are written without quotes; anything else as it is. */
  static Object number(String text) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(each -> each >= '0' && each <= '9');
    return digits && text.length() < 18 ? (Object) Long.valueOf(text) : text;
  }

  /** An identifier unless it is missing or all zero, which is how others write none. */
  static void identifier(Doc from, String key, Doc to) {
    String value = from.text(key);
    if (!value.replace("-", "").replace("0", "").isEmpty()) {
      boolean nguid = key.equals("nguid");
      to.put(key, nguid ? value.replace("-", "").toLowerCase(Locale.ROOT) : value);
    }
  }

  /** In the shape of the configuration file. */
  Doc config() {
    Doc config = Doc.empty();
    config.putDocs("listeners", List.copyOf(listeners.values()));
    config.putDocs("hosts", List.copyOf(hosts.values()));
    config.putDocs("subsystems", List.copyOf(subsystems.values()));
    return config;
  }

  List<String> left() {
    return new ArrayList<>(left);
  }
}
