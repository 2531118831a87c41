package io.mora.cli.manage.client;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;

/** Turns a refusal into what a person can use: what, which field, what is allowed, what next. */
final class Refusal {
  private static final String PREFIX = "urn:mora:problem:";

  private Refusal() {}

  static CliException of(HttpReply reply, String place) {
    if (!reply.isJson()) {
      return new CliException(
          ExitCodes.PROTOCOL,
          place + " answered " + reply.status() + " and not as Mora does; is it Mora?");
    }
    Doc problem = reply.doc();
    String type = problem.text("type");
    String kind = type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type;
    StringBuilder text = new StringBuilder(lower(problem.text("title", "refused")));
    if (problem.docs("errors").isEmpty()) {
      text.append(": ").append(problem.text("detail"));
    }
    for (Doc error : problem.docs("errors")) {
      text.append("\n  ").append(field(error));
    }
    text.append(advice(kind));
    return new CliException(exitCode(kind), text.toString());
  }

  /** It stands behind the command's name. */
  private static String lower(String title) {
    return title.isEmpty() ? title : Character.toLowerCase(title.charAt(0)) + title.substring(1);
  }

  /** {@code hosts[0].weight = 0: out of range; allowed: 1 to 1000}. */
  private static String field(Doc error) {
    StringBuilder text = new StringBuilder();
    if (error.number("line") > 0) {
      text.append("line ").append(error.number("line")).append(": ");
    }
    text.append(error.text("field"));
    if (!error.text("value").isEmpty()) {
      text.append(" = ").append(error.text("value"));
    }
    text.append(": ").append(error.text("message"));
    if (!error.text("allowed").isEmpty()) {
      text.append("; allowed: ").append(error.text("allowed"));
    }
    return text.toString();
  }

  private static int exitCode(String kind) {
    return switch (kind) {
      case "token", "role" -> ExitCodes.REFUSED;
      case "invalid" -> ExitCodes.CONFIG;
      case "malformed" -> ExitCodes.USAGE;
      default -> ExitCodes.FAILED;
    };
  }

  private static String advice(String kind) {
    return switch (kind) {
      case "token" -> "\nPass --token-file with a token the target knows.";
      case "role" -> "\nA token of role admin may.";
      case "stale" -> "\nSomebody else changed it just now: look at it, and say it again.";
      case "edited" ->
          "\nThe file was edited by hand. 'mora config diff' shows how, 'mora config reload' takes"
              + " it over,\n--discard-edits overwrites it.";
      case "not-live" -> "\nChange the configuration file and start the target again.";
      case "internal" -> "\nSee the target's log.";
      default -> "";
    };
  }
}
