package io.mora.protocol.auth.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both ends in one thread: handshakes, records, and what spoils them. */
class TlsHandshakeTest {
  private static final Nqn HOST = new Nqn("nqn.2026-01.example:h");
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-01.example:s");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] plain = new byte[TlsTraffic.PLAIN_BYTES];
  private final byte[] record = new byte[TlsTraffic.RECORD_MAX];

  private static TlsKey key(TlsHash hash, int version) {
    return TlsKey.of(TlsPsk.generate(hash, RANDOM), version, HOST, SUBSYSTEM);
  }

  private static TlsHandshake.Keys only(TlsKey key) {
    return offered -> {
      for (PskIdentity each : offered) {
        if (each.equals(key.identity())) {
          return key.copy();
        }
      }
      throw new TlsException(TlsAlert.UNKNOWN_PSK_IDENTITY, "no such key here");
    };
  }

  private static void shake(TlsHandshake client, TlsHandshake server) throws TlsException {
    for (int i = 0; i < 4; i++) {
      byte[] flight = client.output();
      assertThat(server.accept(flight, flight.length)).isEqualTo(flight.length);
      flight = server.output();
      assertThat(client.accept(flight, flight.length)).isEqualTo(flight.length);
    }
  }

  private record Ends(TlsTraffic client, TlsTraffic server) {}

  private static Ends ends(TlsHash hash) throws TlsException {
    TlsKey key = key(hash, 1);
    TlsHandshake client = TlsHandshake.client(key);
    TlsHandshake server = TlsHandshake.server(only(key));
    shake(client, server);
    return new Ends(
        new TlsTraffic(requireNonNull(client.session()), true),
        new TlsTraffic(requireNonNull(server.session()), false));
  }

  @ParameterizedTest
  @CsvSource({"SHA256,0", "SHA256,1", "SHA384,0", "SHA384,1"})
  void bothKnowWhoTheHostIs(TlsHash hash, int version) throws TlsException {
    TlsKey key = key(hash, version);
    TlsHandshake client = TlsHandshake.client(key);
    TlsHandshake server = TlsHandshake.server(only(key));
    shake(client, server);
    TlsSession proved = requireNonNull(server.session());
    assertThat(proved.identity()).isEqualTo(key.identity());
    assertThat(proved.identity().host()).isEqualTo(HOST);
  }

  @Test
  void noEndKeepsTheKeyThatItHasUsed() throws TlsException {
    TlsKey key = key(TlsHash.SHA256, 1);
    TlsKey hosts = key.copy();
    TlsHandshake client = TlsHandshake.client(hosts);
    hosts.wipe();
    TlsKey targets = key.copy();
    TlsHandshake server = TlsHandshake.server(offered -> targets);
    shake(client, server);
    assertThat(requireNonNull(client.session()).identity()).isEqualTo(key.identity());
    assertThat(requireNonNull(server.session()).identity()).isEqualTo(key.identity());
    assertThatThrownBy(targets::copy).hasMessageContaining("was forgotten");
  }

  /** Its key is chosen twice, and used up each time. */
  @Test
  void whoIsAskedForItsKeyShareIsLetIn() throws TlsException {
    TlsKey key = key(TlsHash.SHA256, 1);
    List<TlsKey> chosen = new ArrayList<>();
    TlsHandshake server =
        TlsHandshake.server(
            offered -> {
              chosen.add(key.copy());
              return chosen.get(chosen.size() - 1);
            });
    TlsHandshake client = TlsHandshake.client(handshake -> new Hesitant(key, handshake));
    shake(client, server);
    assertThat(requireNonNull(server.session()).identity()).isEqualTo(key.identity());
    assertThat(chosen).hasSize(2);
    for (TlsKey each : chosen) {
      assertThatThrownBy(each::copy).hasMessageContaining("was forgotten");
    }
  }

  /** A host that sends no key share until it is asked for one. */
  private static final class Hesitant extends PskClient {
    Hesitant(TlsKey key, TlsHandshake handshake) {
      super(key, handshake);
    }

    @Override
    @SuppressWarnings({"rawtypes", "JdkObsolete"}) // the library's
    public Vector getEarlyKeyShareGroups() {
      return new Vector<>();
    }
  }

  @Test
  void anotherKeyOfTheSameNameIsRefused() {
    TlsKey mine = key(TlsHash.SHA256, 0);
    TlsKey other = key(TlsHash.SHA256, 0);
    TlsHandshake client = TlsHandshake.client(mine);
    TlsHandshake server = TlsHandshake.server(only(other));
    byte[] hello = client.output();
    assertThatThrownBy(() -> server.accept(hello, hello.length))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("key is another");
    byte[] alert = server.output();
    assertThatThrownBy(() -> client.accept(alert, alert.length))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("its key is another");
    assertThat(server.session()).isNull();
    assertThat(client.session()).isNull();
  }

  @Test
  void anUnknownNameIsRefusedByItsReason() {
    TlsHandshake client = TlsHandshake.client(key(TlsHash.SHA384, 1));
    TlsHandshake server = TlsHandshake.server(only(key(TlsHash.SHA384, 1)));
    byte[] hello = client.output();
    assertThatThrownBy(() -> server.accept(hello, hello.length))
        .hasMessageContaining("no such key here");
    byte[] alert = server.output();
    assertThatThrownBy(() -> client.accept(alert, alert.length))
        .hasMessageContaining("no key for this identity");
  }

  @Test
  void garbageEndsAHandshakeAndNothingElse() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      TlsHandshake server = TlsHandshake.server(only(key(TlsHash.SHA256, 1)));
      byte[] hello = TlsHandshake.client(key(TlsHash.SHA256, 1)).output();
      hello[5 + random.nextInt(hello.length - 5)] ^= (byte) (1 + random.nextInt(255));
      try {
        server.accept(hello, hello.length);
      } catch (TlsException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
      assertThat(server.session()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"SHA256", "SHA384"})
  void recordsCarryDataBothWaysOverManyKeys(TlsHash hash) throws TlsException {
    Ends ends = ends(hash);
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      TlsTraffic from = random.nextBoolean() ? ends.client : ends.server;
      TlsTraffic to = from == ends.client ? ends.server : ends.client;
      if (random.nextInt(10) == 0 || from.owesKeyUpdate()) {
        int length = from.keyUpdate(record, 0);
        assertThat(to.open(record, length, plain, 0)).isZero();
      }
      byte[] content = new byte[random.nextInt(TlsTraffic.CONTENT_MAX + 1)];
      random.nextBytes(content);
      System.arraycopy(content, 0, plain, 0, content.length);
      int length = from.seal(plain, content.length, record, 0);
      assertThat(length).isEqualTo(content.length + TlsTraffic.OVERHEAD_BYTES);
      assertThat(to.open(record, length, plain, 0)).isEqualTo(content.length);
      assertThat(Arrays.copyOf(plain, content.length)).isEqualTo(content);
    }
  }

  @Test
  void whatWasChangedRepeatedOrLostIsNotTaken() throws TlsException {
    Ends ends = ends(TlsHash.SHA256);
    int first = ends.client.seal(plain, 100, record, 0);
    byte[] kept = Arrays.copyOf(record, first);
    byte[] spoilt = kept.clone();
    spoilt[20] ^= 1;
    assertThatThrownBy(() -> ends(TlsHash.SHA256).server.open(spoilt, first, plain, 0))
        .hasMessageContaining("damaged");
    assertThat(ends.server.open(kept, first, plain, 0)).isEqualTo(100);
    assertThatThrownBy(() -> ends.server.open(kept, first, plain, 0))
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> TlsTraffic.recordLength(new byte[] {23, 3, 3, 0x41, 1}, 0))
        .hasMessageContaining("16641");
    assertThatThrownBy(() -> TlsTraffic.recordLength(new byte[] {0, 3, 3, 0, 9}, 0))
        .hasMessageContaining("type 0");
    byte[] clear = {21, 3, 3, 0, 2, 2, 40};
    assertThatThrownBy(() -> ends.server.open(clear, clear.length, plain, 0))
        .hasMessageContaining("in the clear");
  }

  @Test
  void closingAndAlertsAreTold() throws TlsException {
    Ends ends = ends(TlsHash.SHA256);
    int length = ends.client.closeNotify(record, 0);
    assertThat(ends.server.isClosedByPeer()).isFalse();
    assertThat(ends.server.open(record, length, plain, 0)).isZero();
    assertThat(ends.server.isClosedByPeer()).isTrue();
    int alert = ends.server.alert(TlsAlert.BAD_RECORD_MAC, record, 0);
    assertThatThrownBy(() -> ends.client.open(record, alert, plain, 0))
        .hasMessageContaining("bad_record_mac");
  }

  private int message(TlsTraffic from, byte[] content) {
    // Under the record layer's own type: what is sealed as data ends with that of data.
    RecordCipher writer = from.writer();
    byte[] typed = Arrays.copyOf(content, content.length + 1);
    typed[content.length] = TlsTraffic.HANDSHAKE;
    return writer.seal(typed, typed.length, record, 0);
  }

  @Test
  void ticketsArePassedOverHoweverTheyAreCut() throws TlsException {
    Ends ends = ends(TlsHash.SHA256);
    ByteArrayOutputStream tickets = new ByteArrayOutputStream();
    for (int size : new int[] {0, 1, 200, 5000}) {
      tickets.write(4);
      tickets.write(0);
      tickets.write(size >>> 8);
      tickets.write(size);
      tickets.write(new byte[size], 0, size);
    }
    byte[] all = tickets.toByteArray();
    int at = 0;
    Random random = new Random(3);
    while (at < all.length) {
      int take = Math.min(all.length - at, 1 + random.nextInt(7 + at));
      int length = message(ends.server, Arrays.copyOfRange(all, at, at + take));
      assertThat(ends.client.open(record, length, plain, 0)).isZero();
      at += take;
    }
    int length = ends.server.seal(plain, 5, record, 0);
    assertThat(ends.client.open(record, length, plain, 0)).isEqualTo(5);
  }

  @Test
  void aHostSendsNoTicketsAndNobodySendsAnythingElse() throws TlsException {
    for (byte[] content :
        new byte[][] {{4, 0, 0, 0}, {1, 0, 0, 0}, {24, 0, 0, 1, 2}, {24, 0, 0, 2}}) {
      Ends ends = ends(TlsHash.SHA256);
      int length = message(ends.client, content);
      assertThatThrownBy(() -> ends.server.open(record, length, plain, 0))
          .isInstanceOf(TlsException.class);
    }
  }

  @Test
  void aKeyUpdateMayBeCutAnywhere() throws TlsException {
    byte[] update = {24, 0, 0, 1, 0};
    for (int cut = 1; cut < update.length; cut++) {
      Ends ends = ends(TlsHash.SHA256);
      int length = message(ends.client, Arrays.copyOf(update, cut));
      assertThat(ends.server.open(record, length, plain, 0)).isZero();
      length = message(ends.client, Arrays.copyOfRange(update, cut, update.length));
      assertThat(ends.server.open(record, length, plain, 0)).isZero();
      ends.client.writer().update();
      length = ends.client.seal(plain, 5, record, 0);
      assertThat(ends.server.open(record, length, plain, 0)).isEqualTo(5);
    }
  }

  @Test
  void aPeerThatOnlyChangesKeysIsCut() throws TlsException {
    Ends ends = ends(TlsHash.SHA256);
    for (int i = 0; i < TlsTraffic.KEY_UPDATES_MAX; i++) {
      int length = ends.client.keyUpdate(record, 0);
      ends.server.open(record, length, plain, 0);
    }
    int length = ends.client.keyUpdate(record, 0);
    assertThatThrownBy(() -> ends.server.open(record, length, plain, 0))
        .hasMessageContaining("KeyUpdates");
  }
}
