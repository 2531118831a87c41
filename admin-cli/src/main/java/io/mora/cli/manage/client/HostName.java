package io.mora.cli.manage.client;

/**
 * Names of hosts as tables show them and options take them: {@code uuid:X} stands for the long name
 * that Linux hosts have, which would fill a line.
 */
public final class HostName {
  private static final String LONG = "nqn.2014-08.org.nvmexpress:uuid:";
  private static final String SHORT = "uuid:";

  private HostName() {}

  /** A name as tables show it. */
  public static String shown(String nqn) {
    return nqn.startsWith(LONG) ? SHORT + nqn.substring(LONG.length()) : nqn;
  }

  /** The name that is meant. */
  public static String full(String given) {
    return given.startsWith(SHORT) ? LONG + given.substring(SHORT.length()) : given;
  }
}
