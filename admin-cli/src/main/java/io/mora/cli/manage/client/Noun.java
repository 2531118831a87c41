package io.mora.cli.manage.client;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing without one of its subcommands. */
public abstract class Noun implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills the field
  protected Noun() {}

  @Override
  public final void run() {
    List<String> verbs = new ArrayList<>(spec.subcommands().keySet());
    String last = verbs.remove(verbs.size() - 1);
    String which = verbs.isEmpty() ? last : String.join(", ", verbs) + " or " + last;
    throw new ParameterException(spec.commandLine(), which + "?");
  }
}
