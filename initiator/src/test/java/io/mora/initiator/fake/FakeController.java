package io.mora.initiator.fake;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Connect;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.H2cDataPdu;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.IcRespPdu;
import io.mora.protocol.pdu.PduType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A controller with one namespace in memory, on threads of its own. Scripts see every command
 * first. Public fields are set before the first connect.
 */
public final class FakeController implements AutoCloseable {
  public final FakeDisk disk = new FakeDisk();
  public final FakeAdmin admin = new FakeAdmin(disk);

  /** Changes the ICResp before it is sent. */
  public volatile UnaryOperator<ByteBuf> icResp = resp -> resp;

  public volatile int maxH2cData = 8192;
  public volatile boolean answerIcReq = true;
  public volatile @Nullable Random fragments;

  /** Bytes asked for by one R2T. */
  public volatile int r2tBytes = 16384;

  public volatile boolean successFlag;

  private final List<Script> scripts = new CopyOnWriteArrayList<>();
  private final List<Wire> wires = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<Wire.Pdu> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger r2ts = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile ServerSocket server;
  private final int port;

  public FakeController() {
    server = listen(0);
    port = server.getLocalPort();
    accept(server);
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket opened = new ServerSocket();
      opened.setReuseAddress(true);
      opened.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TransportAddress address() {
    return new TransportAddress("127.0.0.1", port);
  }

  public void script(Script script) {
    scripts.add(script);
  }

  public void clearScripts() {
    scripts.clear();
  }

  /** Open connections, oldest first. */
  public List<Wire> wires() {
    return wires;
  }

  public Wire wire(int qid) {
    return wires.stream().filter(wire -> wire.qid == qid).findFirst().orElseThrow();
  }

  /** Connections accepted since the start. */
  public int connections() {
    return connections.get();
  }

  /** R2Ts sent since the start, but for those of scripts. */
  public int r2ts() {
    return r2ts.get();
  }

  /** Every PDU of every connection so far. */
  public List<Wire.Pdu> seen() {
    return seen;
  }

  /** What went wrong on this side, digests of the host that did not match among it. */
  public List<Throwable> failures() {
    return failures;
  }

  /** Cuts every connection and refuses new ones. */
  public void down() throws IOException {
    server.close();
    cutAll();
  }

  public void cutAll() throws IOException {
    for (Wire wire : wires) {
      wire.cut();
    }
  }

  /** Accepts again at the same port. */
  public void up() {
    server = listen(port);
    accept(server);
  }

  private void accept(ServerSocket on) {
    daemon(
        () -> {
          while (true) {
            try {
              Socket socket = on.accept();
              connections.incrementAndGet();
              Wire wire = new Wire(socket, fragments);
              wires.add(wire);
              daemon(() -> serve(wire));
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake-controller");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Wire wire) {
    Map<Integer, Command> writes = new HashMap<>();
    try {
      Wire.Pdu pdu = wire.read();
      while (pdu != null) {
        if (pdu.type() != PduType.H2C_DATA && seen.size() < 1000) {
          seen.add(pdu);
        }
        if (pdu.type() == PduType.IC_REQ) {
          initialise(wire, pdu);
        } else if (pdu.type() == PduType.CAPSULE_CMD) {
          ByteBuf sqe = pdu.header().slice(CapsuleCmdPdu.SQE, Sqe.LENGTH);
          command(wire, new Command(sqe, pdu.data()), writes);
        } else if (pdu.type() == PduType.H2C_DATA) {
          h2cData(wire, pdu, writes);
        }
        pdu = wire.read();
      }
    } catch (java.net.SocketException cut) {
      // The test or the host cut it.
    } catch (Throwable e) {
      failures.add(e);
    } finally {
      wires.remove(wire);
      try {
        wire.cut();
      } catch (IOException e) {
        failures.add(e);
      }
    }
  }

  private void initialise(Wire wire, Wire.Pdu pdu) throws IOException {
    if (!answerIcReq) {
      return;
    }
    int dgst = IcReqPdu.dgst(pdu.header(), 0);
    ByteBuf resp = Unpooled.buffer(IcRespPdu.LENGTH);
    IcRespPdu.write(resp, 0, 0, dgst, maxH2cData);
    resp.writerIndex(IcRespPdu.LENGTH);
    wire.bytes(icResp.apply(resp));
    wire.headerDigest = (dgst & IcReqPdu.HEADER_DIGEST) != 0;
    wire.dataDigest = (dgst & IcReqPdu.DATA_DIGEST) != 0;
  }

  private void command(Wire wire, Command command, Map<Integer, Command> writes)
      throws IOException {
    boolean connect =
        command.opcode() == AdminOpcode.FABRICS
            && Sqe.fctype(command.sqe(), 0) == FabricsType.CONNECT;
    if (connect) {
      wire.qid = Connect.qid(command.sqe(), 0);
    }
    for (Script script : scripts) {
      if (script.handle(wire, command)) {
        return;
      }
    }
    if (connect) {
      wire.bytes(wire.response(command.cid(), 0, 1, Connect.SQHD_FLOW_DISABLED));
    } else if (wire.qid == 0) {
      admin.handle(wire, command);
    } else if (disk.needsData(command)) {
      writes.put(command.cid(), new Command(command.sqe(), Unpooled.buffer(command.length())));
      askForMore(wire, writes.get(command.cid()));
    } else {
      disk.handle(wire, command, successFlag);
    }
  }

  private void askForMore(Wire wire, Command write) throws IOException {
    r2ts.incrementAndGet();
    int have = write.data().readableBytes();
    int length = Math.min(r2tBytes, write.length() - have);
    wire.bytes(wire.r2t(write.cid(), 0x7000 | write.cid(), have, length));
  }

  private void h2cData(Wire wire, Wire.Pdu pdu, Map<Integer, Command> writes) throws IOException {
    ByteBuf header = pdu.header();
    Command write = writes.get(H2cDataPdu.cccid(header, 0));
    if (write == null) {
      return; // Data of a command a script ended early.
    }
    int ttag = 0x7000 | write.cid();
    if (H2cDataPdu.ttag(header, 0) != ttag
        || H2cDataPdu.dataOffset(header, 0) != write.data().readableBytes()
        || pdu.data().readableBytes() > maxH2cData) {
      throw new IOException("H2CData out of place");
    }
    write.data().writeBytes(pdu.data());
    boolean last = (pdu.flags() & 4) != 0;
    boolean complete = write.data().readableBytes() == write.length();
    boolean partDone = complete || write.data().readableBytes() % r2tBytes == 0;
    if (last != partDone) {
      throw new IOException("LAST_PDU " + last + " at " + write.data().readableBytes());
    }
    if (complete) {
      writes.remove(write.cid());
      disk.handle(wire, write, successFlag);
    } else if (partDone) {
      askForMore(wire, write);
    }
  }

  @Override
  public void close() throws IOException {
    down();
  }
}
