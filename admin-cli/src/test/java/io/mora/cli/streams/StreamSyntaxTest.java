package io.mora.cli.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.cli.streams.StreamSpec.Place;
import io.mora.cli.streams.StreamSpec.Purpose;
import io.mora.cli.streams.StreamSpec.Shape;
import io.mora.protocol.Nqn;
import io.mora.protocol.intent.LatencyClass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class StreamSyntaxTest {
  private static StreamSpec parse(String text) {
    return new StreamSyntax().convert(text);
  }

  @Test
  void whatIsSaidIsMeantAndTheRestIsOrdinary() {
    assertThat(parse("critical:read:4k:qd1:step"))
        .isEqualTo(
            new StreamSpec(
                "critical",
                new Purpose(LatencyClass.CRITICAL, 50, true, false, 0),
                new Shape(100, 4096, 1, 0, false),
                new Place(1, 1, List.of(), 0, 0, null)));
    assertThat(
            parse(
                "low-latency:mixed70:128KiB:name=x:rate=2000:sequential:qd7:budget=2ms:expire"
                    + ":confidence=30:connections=4:loops=2:cpus=1+3:nice=5:nsid=2:host=nqn.2026-11.io:a"))
        .isEqualTo(
            new StreamSpec(
                "x",
                new Purpose(LatencyClass.LOW_LATENCY, 30, false, true, 2000),
                new Shape(70, 131072, 7, 2000, true),
                new Place(4, 2, List.of(1, 3), 5, 2, new Nqn("nqn.2026-11.io:a"))));
    assertThat(parse("none:write:1m").purpose().latencyClass()).isEqualTo(LatencyClass.DEFAULT);
  }

  @Test
  void aDepthIsThatOfAllConnectionsTogether() {
    assertThat(parse("bulk:write:128k:qd128:connections=4").depthEach()).isEqualTo(32);
    assertThat(parse("bulk:write:128k:qd2:connections=4").depthEach()).isEqualTo(1);
  }

  @Test
  void theBudgetIsTheOneGivenOrTheClassDefault() {
    assertThat(parse("critical:read:4k").purpose().budgetNs()).isEqualTo(150_000);
    assertThat(parse("critical:read:4k:budget=1ms").purpose().budgetNs()).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "critical:read | has 2 parts",
        "urgent:read:4k | has no class 'urgent'",
        "default:read:4k | has no class 'default'",
        "bulk:trim:4k | has no direction 'trim'",
        "bulk:mixed101:4k | says mixed101 (0 to 100)",
        "bulk:read:much | has no size 'much'",
        "bulk:read:0 | has a size of 0",
        "bulk:read:4k:qd0 | says qd0 (1 to 4096)",
        "bulk:read:4k:qdx | says qdx (a number",
        "bulk:read:4k:budget=5 | says budget=5",
        "bulk:read:4k:budget=0us | longer than nothing",
        "bulk:read:4k:cpus=1+x | says cpusx",
        "bulk:read:4k:steep | does not know 'steep'",
        "bulk:read:4k:step:step | does not know 'step'",
      })
  void whatIsWrongIsToldWithWhatIsAllowed(String text, String says) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("stream '" + text + "'")
        .hasMessageContaining(says)
        .hasMessageContaining(StreamSyntax.FORM);
  }

  @Test
  void presetsAreStreamsWithTheFirstAsTheOneToProtect() {
    for (Preset preset : Preset.values()) {
      List<StreamSpec> streams = preset.streams();
      assertThat(streams).hasSizeGreaterThan(1);
      int first = streams.get(0).purpose().latencyClass().code();
      assertThat(streams.subList(1, streams.size()))
          .allMatch(each -> each.purpose().latencyClass().code() < first);
    }
  }

  @Test
  void namesAreMadeDistinct() {
    List<StreamSpec> streams =
        Mix.distinct(List.of(parse("bulk:read:4k"), parse("bulk:write:4k"), parse("bulk:read:8k")));
    assertThat(streams).extracting(StreamSpec::name).containsExactly("bulk", "bulk-2", "bulk-3");
  }
}
