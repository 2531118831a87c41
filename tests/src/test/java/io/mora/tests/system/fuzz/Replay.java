package io.mora.tests.system.fuzz;

import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Sends what was kept, whole and in pieces, and takes what comes back to its end. */
final class Replay {
  private final InetSocketAddress address;
  private final RawSession session;
  private final Corpus.Input input;

  Replay(InetSocketAddress address, RawSession session, Corpus.Input input) {
    this.address = address;
    this.session = session;
    this.input = input;
  }

  void run() {
    for (int piece : new int[] {input.bytes().length, 1, 7, 73}) {
      try (RawHost host = Corpus.begin(address, session, input.stage(), input.dgst(), 0)) {
        send(host, Math.max(1, piece));
        host.socket().shutdownOutput();
        Received last = host.receiveOrEnd();
        while (last != null && last.type() != Received.TERM_REQ) {
          last = host.receiveOrEnd();
        }
      } catch (UncheckedIOException | IOException e) {
        // The target has hung up on what it had read.
      }
    }
  }

  private void send(RawHost host, int piece) {
    byte[] bytes = input.bytes();
    for (int at = 0; at < bytes.length; at += piece) {
      host.sendBytes(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
    }
  }
}
