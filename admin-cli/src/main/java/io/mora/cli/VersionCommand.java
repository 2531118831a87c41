package io.mora.cli;

import io.mora.cli.output.GlobalOptions;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mora version}. */
@Command(name = "version", description = "Which Mora this is, on which Java.")
final class VersionCommand implements Runnable {
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Override
  public void run() {
    Map<String, Object> facts = MoraVersion.facts();
    global.print(
        facts,
        out -> {
          out.println("mora " + facts.get("version"));
          out.println("Java " + facts.get("java") + ", " + facts.get("vendor"));
          out.println(facts.get("system") + ", " + facts.get("transport"));
        });
  }
}
