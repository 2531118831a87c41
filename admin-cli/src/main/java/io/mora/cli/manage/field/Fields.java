package io.mora.cli.manage.field;

import io.mora.cli.manage.client.Doc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts what options said into a section of the configuration.
 *
 * <p>What was not said stays as it is; {@value #DEFAULT} takes the key away. Values are the
 * daemon's to judge: it knows what its version allows, and says so by field.
 */
public final class Fields {
  static final String DEFAULT = "default";

  private Fields() {}

  public static void put(Doc doc, String key, @Nullable Object value) {
    if (DEFAULT.equals(value)) {
      doc.remove(key);
    } else if (value != null) {
      doc.put(key, value);
    }
  }

  /** A list that replaces the one before; {@value #DEFAULT} alone takes it away. */
  public static void put(Doc doc, String key, @Nullable List<String> values) {
    if (values != null) {
      put(doc, key, values.equals(List.of(DEFAULT)) ? DEFAULT : (Object) new ArrayList<>(values));
    }
  }

  /** Adds to a list of texts what is not in it, and takes away. */
  public static void change(Doc doc, String key, List<String> more, List<String> less) {
    List<String> texts = doc.texts(key);
    more.stream().filter(each -> !texts.contains(each)).forEach(texts::add);
    texts.removeAll(less);
    if (texts.isEmpty()) {
      doc.remove(key);
    } else {
      doc.put(key, texts);
    }
  }
}
