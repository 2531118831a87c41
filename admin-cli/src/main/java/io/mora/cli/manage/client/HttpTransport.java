package io.mora.cli.manage.client;

/** A way to the daemon. */
interface HttpTransport {
  /**
   * Asks, and waits for the answer.
   *
   * @throws io.mora.cli.CliException if there is none, saying why and what to do
   */
  HttpReply exchange(HttpCall call);

  /** Whom it reaches, for people. */
  String place();
}
