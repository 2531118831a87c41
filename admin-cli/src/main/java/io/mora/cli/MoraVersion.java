package io.mora.cli;

import io.mora.protocol.net.TransportKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which Mora on which Java. */
final class MoraVersion implements IVersionProvider {
  /** As in the project's pom. */
  static String number() {
    Properties build = new Properties();
    try (InputStream in = MoraVersion.class.getResourceAsStream("build.properties")) {
      if (in == null) {
        throw new IllegalStateException("build.properties is missing from the jar");
      }
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version", "unknown");
  }

  /** All there is to know, in the order it is printed. */
  static Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("version", number());
    facts.put("java", Runtime.version().toString());
    facts.put("vendor", System.getProperty("java.vendor", "unknown"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("transport", TransportKind.best().configName());
    return facts;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"mora " + number()};
  }
}
