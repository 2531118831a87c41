package io.mora.target.transport;

import io.mora.protocol.net.Landing;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduFramer;
import io.mora.target.shard.Flushable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A connection's way from the socket to the framer, and when the socket is read: not while nobody
 * takes what it brings, and no more in a turn that has read its share. The connection's loop only.
 */
final class Intake implements Landing {
  /*
   * A ring goes on reading within one visit of the loop for as long as there is something to read,
   * and so would keep the end of the turn from ever coming under load. So a connection that brings
   * much is not read again in a turn whose budget is spent. One that brings little is: commands of
   * latency classes come by such connections.
   */
  /** Reads below this are never put off. */
  static final int SMALL_BYTES = 4096;

  private final TcpConnection connection;
  private final Channel channel;
  private final PduFramer framer;
  private final QuickAck quickAck;
  private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();
  private long bytesRead;
  private boolean reading = true;
  private boolean turnSpent;

  Intake(TcpConnection connection, Channel channel, PduFramer framer) {
    this.connection = connection;
    this.channel = channel;
    this.framer = framer;
    this.quickAck =
        new QuickAck(channel, connection.turn().shard().loop().transport().quickAckOption());
  }

  /** Bytes that came from the socket. */
  long bytesRead() {
    return bytesRead;
  }

  /** False while what was read has to be used up first. */
  boolean isReading() {
    return reading;
  }

  /** Takes over what the socket brought. */
  void accept(ByteBuf in, Flushable inTurn) {
    int bytes = in.readableBytes();
    bytesRead += bytes;
    boolean more = connection.turn().budget().read(bytes);
    if (connection.takesInput() || !connection.isDying()) {
      unread.add(in);
      feed();
      boolean midPdu = connection.turn().byClass() && !framer.isIdle();
      quickAck.read(bytes, midPdu, connection.turn().budget().profile());
    } else {
      in.release();
    }
    // What is only thrown away costs the turn no less.
    if (!more && bytes >= SMALL_BYTES && !turnSpent && !connection.isMoving()) {
      turnSpent = true;
      channel.config().setAutoRead(false);
      connection.turn().pauseReads(inTurn);
    }
  }

  @Override
  public int awaitedBytes() {
    boolean taken =
        reading && unread.isEmpty() && connection.takesInput() && connection.wantsData();
    return taken ? framer.awaitedBytes() : 0;
  }

  @Override
  public @Nullable ByteBuf place(int lengthBytes) {
    return connection.place(lengthBytes);
  }

  /** Feeds what was read to the framer until it is used up or nobody wants more. */
  void feed() {
    try {
      while (!unread.isEmpty() && reading && connection.takesInput()) {
        ByteBuf in = unread.peek();
        framer.accept(in);
        boolean left = in.isReadable();
        if (!left) {
          unread.remove().release();
        }
        if (left || !connection.wantsMore()) {
          pause();
        }
      }
    } catch (PduException e) {
      connection.fatal(e);
    }
  }

  private void pause() {
    if (reading) {
      reading = false;
      channel.config().setAutoRead(false);
    }
  }

  /** Reads again. */
  void resume() {
    reading = true;
    feed();
    if (reading && !turnSpent) {
      channel.config().setAutoRead(true);
    }
  }

  /** The turn is over in which too much was read. */
  void turnOver() {
    turnSpent = false;
    if (reading) {
      channel.config().setAutoRead(true);
    }
  }

  /** The connection leaves its shard, whose turns it no longer hears of. */
  void leaves() {
    turnSpent = false;
  }

  /** Forgets what was read. */
  void clear() {
    unread.forEach(ByteBuf::release);
    unread.clear();
  }

  /** Reads on, to see the host close. */
  void readToEnd() {
    clear();
    reading = true;
    turnSpent = false;
    channel.config().setAutoRead(true);
  }
}
