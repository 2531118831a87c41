package io.mora.protocol;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The naming rules for a new NQN, as the common targets enforce them:
 *
 * <pre>
 *   nqn.yyyy-mm.reverse.domain:any-string
 *   nqn.2014-08.org.nvmexpress:uuid:11111111-2222-3333-4444-555555555555
 *   nqn.2014-08.org.nvmexpress.discovery
 * </pre>
 */
final class NqnSyntax {
  private static final int MIN_BYTES = 11;
  private static final int LABEL_MAX = 63;
  private static final String UUID_FORM = "nqn.2014-08.org.nvmexpress:uuid:";
  private static final Pattern DATE = Pattern.compile("nqn\\.\\d{4}-(0[1-9]|1[0-2])\\.");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private NqnSyntax() {}

  /** What is wrong with the name, or null. */
  static @Nullable String problem(String value) {
    if (value.equals(Nqn.DISCOVERY.value())) {
      return null;
    }
    if (value.length() < MIN_BYTES) {
      return "shorter than " + MIN_BYTES + " bytes";
    }
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        return "control character at position " + i;
      }
    }
    Matcher date = DATE.matcher(value);
    if (!date.lookingAt()) {
      return "does not begin with nqn.yyyy-mm.";
    }
    if (value.startsWith(UUID_FORM)) {
      return UUID_TEXT.matcher(value.substring(UUID_FORM.length())).matches()
          ? null
          : "needs a UUID of 36 characters after " + UUID_FORM;
    }
    int colon = value.indexOf(':');
    if (colon < 0 || colon == value.length() - 1) {
      return "needs ':' and a name after the reverse domain";
    }
    return domainProblem(value.substring(date.end(), colon));
  }

  private static @Nullable String domainProblem(String domain) {
    for (String label : domain.split("\\.", -1)) {
      if (label.length() > LABEL_MAX || !LABEL.matcher(label).matches()) {
        return "domain label '"
            + label
            + "': letters, digits and inner hyphens, a letter first, at most "
            + LABEL_MAX;
      }
    }
    return null;
  }
}
