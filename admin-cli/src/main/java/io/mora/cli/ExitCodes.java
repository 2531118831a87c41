package io.mora.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** How a command ends, for scripts. Numbers from 64 up are those of BSD's sysexits. */
public final class ExitCodes {
  public static final int OK = 0;

  /**
   * The controller or the daemon answered, and said no; or what was asked for did not come true.
   */
  public static final int FAILED = 1;

  /** The command line is wrong; nothing was done. */
  public static final int USAGE = 64;

  /** Data read back is not the data written. */
  public static final int DATA = 65;

  /** Nobody answers at the address, or the connection was lost and stayed so. */
  public static final int UNAVAILABLE = 69;

  /** A defect in this program. */
  public static final int DEFECT = 70;

  /** A file or stream of this machine could not be read or written. */
  public static final int LOCAL_IO = 74;

  /** No answer in time: doing the same again may succeed. */
  public static final int TIMEOUT = 75;

  /** The other side broke the protocol, or speaks another one. */
  public static final int PROTOCOL = 76;

  /** This host may not connect, or this user may not manage. */
  public static final int REFUSED = 77;

  /** A configuration file, or what a change would make of the configuration, is wrong. */
  public static final int CONFIG = 78;

  /** Ctrl-C. */
  public static final int INTERRUPTED = 130;

  private ExitCodes() {}

  /** What {@code mora --help} ends with. */
  static Map<String, String> helpList() {
    Map<String, String> list = new LinkedHashMap<>();
    list.put("0", "done");
    list.put("1", "the controller or the daemon refused, or it did not come true");
    list.put("64", "wrong command line");
    list.put("65", "data read back is not the data written");
    list.put("69", "nobody answers, or the connection was lost");
    list.put("70", "a defect in mora");
    list.put("74", "a local file or stream failed");
    list.put("75", "no answer in time");
    list.put("76", "the other side broke the protocol");
    list.put("77", "this host may not connect, or this user not manage");
    list.put("78", "wrong configuration");
    list.put("130", "interrupted");
    return list;
  }
}
