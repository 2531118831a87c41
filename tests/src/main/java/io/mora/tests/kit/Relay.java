package io.mora.tests.kit;

import io.mora.tests.kit.FaultProxy.Act;
import io.mora.tests.kit.FaultProxy.Fault;
import io.mora.tests.kit.FaultProxy.Way;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One connection through a {@link FaultProxy}. */
final class Relay {
  private static final int HEADER = 8;
  private static final int CHUNK = 64 << 10;

  private final FaultProxy proxy;
  private final Socket host;
  private final Socket target;
  private volatile boolean hole;

  Relay(FaultProxy proxy, Socket host, Socket target) throws IOException {
    this.proxy = proxy;
    this.host = host;
    this.target = target;
    host.setTcpNoDelay(true);
    target.setTcpNoDelay(true);
  }

  void start() {
    FaultProxy.start("relay-to-target", () -> relay(Way.TO_TARGET, host, target));
    FaultProxy.start("relay-to-host", () -> relay(Way.TO_HOST, target, host));
  }

  boolean ended() {
    return host.isClosed() && target.isClosed();
  }

  void end(Act how) {
    for (Socket socket : new Socket[] {host, target}) {
      try {
        if (how == Act.RESET) {
          socket.setSoLinger(true, 0);
        }
        socket.close();
      } catch (IOException e) {
        // it was over already
      }
    }
  }

  private void relay(Way way, Socket from, Socket to) {
    try {
      DataInputStream in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[CHUNK];
      while (true) {
        relayPdu(way, in, out, buffer);
      }
    } catch (EOFException e) {
      closeGently(to);
    } catch (IOException | InterruptedException e) {
      end(Act.CUT);
    }
  }

  /** What one end has finished saying, the other is told so: the way back stays open. */
  private static void closeGently(Socket to) {
    try {
      to.shutdownOutput();
    } catch (IOException e) {
      // the other way has ended it
    }
  }

  private void relayPdu(Way way, DataInputStream in, OutputStream out, byte[] buffer)
      throws IOException, InterruptedException {
    in.readFully(buffer, 0, HEADER);
    int type = buffer[0] & 0xFF;
    int plen = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    proxy.hold(way, plen);
    Fault fault = proxy.meet(way, type);
    int have = HEADER;
    int done = 0;
    while (done < plen) {
      if (have == 0) {
        have = Math.min(plen - done, buffer.length);
        in.readFully(buffer, 0, have);
      }
      if (fault != null && done + have > fault.bytes()) {
        strike(fault, fault.bytes() - done, buffer, have, out);
        fault = null;
      } else if (!hole) {
        out.write(buffer, 0, have);
      }
      done += have;
      have = 0;
    }
    if (fault != null) {
      strike(fault, 0, buffer, 0, out);
    }
  }

  private void strike(Fault fault, int pass, byte[] buffer, int have, OutputStream out)
      throws IOException {
    int before = Math.max(0, pass);
    if (fault.act() == Act.GARBLE) {
      buffer[before] ^= 1;
      out.write(buffer, 0, have);
      return;
    }
    out.write(buffer, 0, before);
    if (fault.act() == Act.HOLE) {
      hole = true;
    } else {
      end(fault.act());
      throw new IOException("struck");
    }
  }
}
