package io.mora.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.data.CommandSetCombinations;
import io.mora.protocol.data.ConnectData;
import io.mora.protocol.data.ControllerList;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyControllerNvm;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.IdentifyNamespaceIndependent;
import io.mora.protocol.data.NamespaceIdentifiers;
import io.mora.protocol.data.NamespaceList;
import io.mora.protocol.data.log.AnaLogPage;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.mora.protocol.data.log.EffectsLogPage;
import io.mora.protocol.data.log.ErrorLogPage;
import io.mora.protocol.data.log.FeatureEffectsLogPage;
import io.mora.protocol.data.log.FirmwareLogPage;
import io.mora.protocol.data.log.SmartLogPage;
import io.mora.protocol.data.log.SupportedLogPages;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.FlowLogPage;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.IntentIdentify;
import io.mora.protocol.intent.NamespaceIntent;
import io.mora.protocol.intent.Registration;
import io.mora.protocol.intent.SloTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * What a target or a host is told in data. The first byte says which structure the rest is: it is
 * read, or refused by an IllegalArgumentException; nothing else.
 */
class DecodersFuzzTest {
  /** Reads a structure from the start of a buffer. */
  private interface Decoder {
    Object decode(ByteBuf buf, int at);
  }

  private static final List<Decoder> DECODERS =
      List.of(
          IdentifyController::decode,
          IdentifyControllerNvm::decode,
          IdentifyNamespace::decode,
          IdentifyNamespaceIndependent::decode,
          NamespaceIdentifiers::decode,
          NamespaceList::decode,
          ControllerList::decode,
          CommandSetCombinations::decode,
          ConnectData::decode,
          DiscoveryLogPage::decode,
          AnaLogPage::decode,
          SmartLogPage::decode,
          FirmwareLogPage::decode,
          EffectsLogPage::decode,
          FeatureEffectsLogPage::decode,
          SupportedLogPages::decode,
          (buf, at) -> ErrorLogPage.decode(buf, at, buf.writerIndex() - at),
          ClassLogPage::decode,
          FlowLogPage::decode,
          GrantPage::decode,
          HostFeedback::decode,
          IntentIdentify::decode,
          NamespaceIntent::decode,
          Registration::decode,
          SloTable::decode);

  /**
   * The longest structure of fixed length: shorter input is filled up to it in every second run.
   */
  private static final int PAGE = 4096;

  private static final int AT = 1;

  @FuzzTest(maxDuration = "2m")
  void decodes(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int which = (input[0] & 0x7F) % DECODERS.size();
    boolean whole = input[0] < 0;
    ByteBuf buf = Unpooled.buffer(Math.max(PAGE + AT, input.length)).writeBytes(input);
    if (whole && input.length < PAGE + AT) {
      buf.writeZero(PAGE + AT - input.length);
    }
    Object first;
    try {
      first = DECODERS.get(which).decode(buf, AT);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(DECODERS.get(which).decode(buf, AT)).isEqualTo(first).hasToString(first.toString());
  }

  /** The names in Connect's data, which a target reads before it knows who is there. */
  @FuzzTest(maxDuration = "1m")
  void names(byte[] input) {
    ByteBuf buf = Unpooled.buffer(1024).writeBytes(input, 0, Math.min(input.length, 1024));
    buf.writeZero(1024 - buf.writerIndex());
    Nqn nqn = Nqn.decode(buf, 0);
    if (nqn != null) {
      assertThat(new Nqn(nqn.value())).isEqualTo(nqn);
    }
    assertThat(HostId.decode(buf, 0)).isEqualTo(HostId.decode(buf.copy(), 0));
  }
}
