package io.mora.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.data.log.AnaLogPage;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.mora.protocol.data.log.EffectsLogPage;
import io.mora.protocol.data.log.ErrorLogPage;
import io.mora.protocol.data.log.FeatureEffectsLogPage;
import io.mora.protocol.data.log.SmartLogPage;
import io.mora.protocol.data.log.SupportedLogPages;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.NamespaceIntent;
import io.mora.protocol.intent.Registration;
import io.mora.protocol.intent.SloTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes a hostile peer chose decode to a value, or to IllegalArgumentException, and nothing else.
 */
class HostileDataTest {
  private static final long SEED = 20261121;
  private static final int ROUNDS = 2000;

  record Decoder(String name, Function<ByteBuf, Object> decode) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Decoder> decoders() {
    return Stream.of(
        new Decoder("ConnectData", buf -> ConnectData.decode(buf, 0)),
        new Decoder("IdentifyController", HostileDataTest::controller),
        new Decoder("IdentifyNamespace", HostileDataTest::namespace),
        new Decoder("NamespaceIdentifiers", buf -> NamespaceIdentifiers.decode(buf, 0)),
        new Decoder("NamespaceList", buf -> NamespaceList.decode(buf, 0)),
        new Decoder("ControllerList", buf -> ControllerList.decode(buf, 0)),
        new Decoder("CommandSetCombinations", buf -> CommandSetCombinations.decode(buf, 0)),
        new Decoder("ErrorLogPage", buf -> ErrorLogPage.decode(buf, 0, buf.writerIndex())),
        new Decoder("SmartLogPage", buf -> SmartLogPage.decode(buf, 0)),
        new Decoder("EffectsLogPage", buf -> EffectsLogPage.decode(buf, 0)),
        new Decoder("SupportedLogPages", buf -> SupportedLogPages.decode(buf, 0)),
        new Decoder("FeatureEffectsLogPage", buf -> FeatureEffectsLogPage.decode(buf, 0)),
        new Decoder("AnaLogPage", buf -> AnaLogPage.decode(buf, 0)),
        new Decoder("DiscoveryLogPage", HostileDataTest::discovery),
        new Decoder("SloTable", buf -> SloTable.decode(buf, 0)),
        new Decoder("HostFeedback", buf -> HostFeedback.decode(buf, 0)),
        new Decoder("GrantPage", buf -> GrantPage.decode(buf, 0)),
        new Decoder("Registration", buf -> Registration.decode(buf, 0)),
        new Decoder("NamespaceIntent", buf -> NamespaceIntent.decode(buf, 0).isPresent()));
  }

  /** Also what a host reads out of it. */
  private static Object controller(ByteBuf buf) {
    IdentifyController id = IdentifyController.decode(buf, 0);
    assertThat(id.maxDataTransferBytes()).isPositive();
    assertThat(id.inCapsuleDataBytes()).isNotNegative();
    assertThat(id.keepAliveGranularityMs()).isNotNegative();
    return Arrays.asList(id.subsystemNqn(), id.serialNumber(), id.modelNumber());
  }

  private static Object namespace(ByteBuf buf) {
    IdentifyNamespace id = IdentifyNamespace.decode(buf, 0);
    assertThat(id.currentFormat().blockShift()).isBetween(0, 255);
    assertThat(id.currentFormat().metadataBytes()).isBetween(0, 0xFFFF);
    return id;
  }

  private static Object discovery(ByteBuf buf) {
    DiscoveryLogPage page = DiscoveryLogPage.decode(buf, 0);
    for (DiscoveryLogEntry entry : page.entries()) {
      assertThat(entry.address() == null || entry.address().port() >= 0).isTrue();
      assertThat(String.valueOf(entry.subsystemNqn())).isNotEmpty();
    }
    return page;
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void anyBytesAreAValueOrRefused(Decoder decoder) {
    Random random = new Random(SEED);
    int values = 0;
    for (int round = 0; round < ROUNDS; round++) {
      ByteBuf buf = Unpooled.wrappedBuffer(hostile(random));
      try {
        assertThat(decoder.decode().apply(buf)).isNotNull();
        values++;
      } catch (IllegalArgumentException e) {
        assertThat(e).as("round %d, seed %d", round, SEED).hasMessageMatching("(?s).+");
      }
    }
    assertThat(values).as("the bytes are not all refused").isPositive();
  }

  /** Random, sparse or with small numbers at the front, and often too short. */
  private static byte[] hostile(Random random) {
    int[] lengths = {0, 1, 15, 16, 20, 48, 512, 1023, 1024, 2048, 4095, 4096, 5120};
    byte[] bytes = new byte[lengths[random.nextInt(lengths.length)]];
    int shape = random.nextInt(3);
    if (shape == 0) {
      random.nextBytes(bytes);
    }
    for (int i = 0; i < Math.min(40, bytes.length); i++) {
      if (shape == 1 && random.nextInt(4) == 0) {
        bytes[i] = (byte) random.nextInt(5);
      } else if (shape == 2) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
    }
    return bytes;
  }
}
