package io.mora.protocol.auth.tls;

import java.util.Arrays;
import javax.crypto.Cipher;

/**
 * Both directions of a connection after its handshake: records of application data, and what else
 * may come (alerts, KeyUpdate, tickets, which are passed over). Knows no socket and keeps no data.
 * One thread at a time.
 */
public final class TlsTraffic {
  /** Most bytes of content in a record. */
  public static final int CONTENT_MAX = 1 << 14;

  /** What a scratch array for content needs: a type and padding may follow. */
  public static final int PLAIN_BYTES = CONTENT_MAX + 256;

  /** Bytes in front of a record, which tell its length. */
  public static final int HEADER_BYTES = RecordCipher.HEADER;

  /** Most bytes of a record. */
  public static final int RECORD_MAX = HEADER_BYTES + CONTENT_MAX + 256;

  /** Bytes that a record is longer than its content when it is made here. */
  public static final int OVERHEAD_BYTES = HEADER_BYTES + 1 + RecordCipher.TAG_BYTES;

  /**
   * Records under one key before this end changes it, of 2^24.5 that are safe (RFC 8446, 5.5). Not
   * earlier: there are peers that do not take part in it (Linux before it learnt to) and drop the
   * connection.
   */
  static final long RECORDS_MAX = 1L << 24;

  /** KeyUpdates without any data between them: a peer that sends more does nothing else. */
  static final int KEY_UPDATES_MAX = 32;

  /** Type of a record that tells of an end. */
  public static final byte ALERT = 21;

  static final byte HANDSHAKE = 22;
  static final byte APPLICATION_DATA = 23;
  private static final int NEW_SESSION_TICKET = 4;
  private static final int KEY_UPDATE = 24;
  private static final int KEY_UPDATE_BYTES = 5;

  /** Of a handshake message: its type and, in three bytes, how many follow. */
  private static final int MESSAGE_HEAD = 4;

  private final boolean client;
  private final long recordsMax;
  private final RecordCipher reading;
  private final RecordCipher writing;
  private final byte[] small = new byte[KEY_UPDATE_BYTES + 1];
  private boolean closedByPeer;
  private boolean owesKeyUpdate;
  private int keyUpdates;

  /** Of a message that goes over several records: its head so far, then what is left of it. */
  private int headBytes;

  private int head;
  private int messageLeft;

  /**
   * @param client this end connected: the other may send tickets
   */
  public TlsTraffic(TlsSession session, boolean client) {
    this(session, client, RECORDS_MAX);
  }

  /**
   * Likewise, but changes its keys earlier.
   *
   * @param recordsMax records under one key
   */
  public TlsTraffic(TlsSession session, boolean client, long recordsMax) {
    this.client = client;
    this.recordsMax = recordsMax;
    this.reading = new RecordCipher(session.hash(), session.readSecret(), Cipher.DECRYPT_MODE);
    this.writing = new RecordCipher(session.hash(), session.writeSecret(), Cipher.ENCRYPT_MODE);
  }

  /**
   * Length of the record whose first {@link #HEADER_BYTES} bytes are these.
   *
   * @throws TlsException if there cannot be such a record
   */
  public static int recordLength(byte[] bytes, int at) throws TlsException {
    int type = bytes[at];
    int length = (bytes[at + 3] & 0xFF) << Byte.SIZE | bytes[at + 4] & 0xFF;
    if (type < 20 || type > APPLICATION_DATA) {
      throw new TlsException(TlsAlert.UNEXPECTED_MESSAGE, "no TLS record, type " + type);
    }
    if (length > RECORD_MAX - HEADER_BYTES) {
      throw new TlsException(
          TlsAlert.RECORD_OVERFLOW,
          "a record of " + length + " bytes, at most " + (RECORD_MAX - HEADER_BYTES));
    }
    return HEADER_BYTES + length;
  }

  /** For tests, which send what this class does not. */
  RecordCipher writer() {
    return writing;
  }

  /** The peer has said that nothing follows. */
  public boolean isClosedByPeer() {
    return closedByPeer;
  }

  /** A {@link #keyUpdate} is due before anything else is sealed. */
  public boolean owesKeyUpdate() {
    return owesKeyUpdate || writing.records() >= recordsMax;
  }

  /**
   * Opens a whole record.
   *
   * @param plain with room for as many bytes as the record has, from {@code at}
   * @return bytes of application data, now in {@code plain} from {@code at}; 0 if it brought
   *     something else
   */
  public int open(byte[] record, int length, byte[] plain, int at) throws TlsException {
    if (record[0] != APPLICATION_DATA) {
      throw new TlsException(
          TlsAlert.UNEXPECTED_MESSAGE, "a record of type " + record[0] + " in the clear");
    }
    if (length < HEADER_BYTES + RecordCipher.TAG_BYTES + 1) {
      throw new TlsException(TlsAlert.BAD_RECORD_MAC, "a record of " + length + " bytes");
    }
    int end = reading.open(record, length, plain, at) - 1;
    while (end >= 0 && plain[at + end] == 0) {
      end--;
    }
    if (end < 0) {
      throw new TlsException(TlsAlert.UNEXPECTED_MESSAGE, "a record without a type");
    }
    if (end > CONTENT_MAX) {
      throw new TlsException(TlsAlert.RECORD_OVERFLOW, "a record with " + end + " bytes inside");
    }
    byte type = plain[at + end];
    if (type == APPLICATION_DATA && headBytes == 0) {
      keyUpdates = end > 0 ? 0 : keyUpdates;
      return end;
    }
    other(type, Arrays.copyOfRange(plain, at, at + end), end);
    return 0;
  }

  private void other(byte type, byte[] content, int length) throws TlsException {
    if (type == HANDSHAKE && length > 0) {
      handshake(content, length);
    } else if (type == ALERT && length == 2) {
      int description = content[1] & 0xFF;
      if (description == TlsAlert.CLOSE_NOTIFY || description == TlsAlert.USER_CANCELED) {
        closedByPeer |= description == TlsAlert.CLOSE_NOTIFY;
      } else {
        throw new TlsException(description, "the peer gives up: " + TlsAlert.text(description));
      }
    } else {
      throw new TlsException(
          TlsAlert.UNEXPECTED_MESSAGE, "content of type " + type + ", " + length + " bytes");
    }
  }

  /** Messages after the handshake; none is kept, however many records it takes. */
  private void handshake(byte[] content, int length) throws TlsException {
    int at = 0;
    while (at < length) {
      if (headBytes < MESSAGE_HEAD) {
        head = head << Byte.SIZE | content[at++] & 0xFF;
        if (++headBytes < MESSAGE_HEAD) {
          continue;
        }
        messageLeft = head & 0xFFFFFF;
      }
      int take = Math.min(messageLeft, length - at);
      if (head >>> 24 == KEY_UPDATE) {
        if (messageLeft != 1 || length - at > 1) {
          throw new TlsException(TlsAlert.UNEXPECTED_MESSAGE, "a malformed KeyUpdate");
        }
        if (at == length) {
          return; // Its one byte comes in another record.
        }
        keyUpdated(content[at]);
      } else if (head >>> 24 != NEW_SESSION_TICKET || !client) {
        throw new TlsException(
            TlsAlert.UNEXPECTED_MESSAGE, "handshake message " + (head >>> 24) + " unasked");
      }
      at += take;
      messageLeft -= take;
      if (messageLeft == 0) {
        headBytes = 0;
        head = 0;
      }
    }
  }

  private void keyUpdated(int request) throws TlsException {
    if (request < 0 || request > 1) {
      throw new TlsException(TlsAlert.ILLEGAL_PARAMETER, "KeyUpdate request " + request);
    }
    if (++keyUpdates > KEY_UPDATES_MAX) {
      throw new TlsException(
          TlsAlert.UNEXPECTED_MESSAGE, "more than " + KEY_UPDATES_MAX + " KeyUpdates in a row");
    }
    reading.update();
    owesKeyUpdate |= request == 1;
  }

  /**
   * Makes a record of application data.
   *
   * @param plain its content, up to {@link #CONTENT_MAX} bytes, and room for one more
   * @return bytes written, {@link #OVERHEAD_BYTES} more than the content
   */
  public int seal(byte[] plain, int length, byte[] out, int at) {
    plain[length] = APPLICATION_DATA;
    return writing.seal(plain, length + 1, out, at);
  }

  /** Tells the peer that new keys follow, and uses them; returns bytes written. */
  public int keyUpdate(byte[] out, int at) {
    owesKeyUpdate = false;
    small[0] = KEY_UPDATE;
    small[1] = 0;
    small[2] = 0;
    small[3] = 1;
    small[4] = 0; // the peer need not change its own
    small[5] = HANDSHAKE;
    int written = writing.seal(small, KEY_UPDATE_BYTES + 1, out, at);
    writing.update();
    return written;
  }

  /** Says that nothing follows; returns bytes written. */
  public int closeNotify(byte[] out, int at) {
    return alert(TlsAlert.CLOSE_NOTIFY, out, at);
  }

  /** Tells the peer what it did; returns bytes written. */
  public int alert(int description, byte[] out, int at) {
    small[0] = (byte) (description == TlsAlert.CLOSE_NOTIFY ? 1 : 2);
    small[1] = (byte) description;
    small[2] = ALERT;
    return writing.seal(small, 3, out, at);
  }
}
