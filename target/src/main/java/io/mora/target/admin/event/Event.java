package io.mora.target.admin.event;

/**
 * Something that happened.
 *
 * @param number ascending, without gaps as long as it is kept
 * @param atMs milliseconds since 1970
 * @param kind {@code change} was made through the API or by a signal; {@code log} is a line of the
 *     daemon's log: a host connected or left, a limit was met, something failed
 * @param level {@code info}, {@code warn} or {@code error}
 * @param source who made the change, or which part of the daemon tells it
 */
public record Event(
    long number, long atMs, String kind, String level, String source, String message) {
  public static final String CHANGE = "change";
  public static final String LOG = "log";
}
