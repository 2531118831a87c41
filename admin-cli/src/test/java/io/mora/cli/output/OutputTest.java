package io.mora.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
  private static String print(Table table) {
    StringWriter out = new StringWriter();
    table.print(new PrintWriter(out, true), "  ");
    return out.toString();
  }

  @Test
  void aTableSetsNumbersRightAndTextLeft() {
    Table table = new Table("NAME", ">SIZE", "WHAT").row("a", 1, "x").row("long name", 4096, "");
    assertThat(print(table))
        .isEqualTo("  NAME       SIZE  WHAT\n  a             1  x\n  long name  4096\n");
  }

  @Test
  void aWideTableCutsTextButNeitherNumbersNorNames() {
    String name = "nqn.2014-08.org.nvmexpress:uuid:2cd2c43b-a90a-45c1-a8cd-86b33ab273b5";
    Table table = new Table("REMARK", ">N", "!NAME").row("w".repeat(60), 1234567, name);
    String printed = print(table);
    assertThat(printed.lines()).allMatch(line -> line.length() <= Table.WIDTH_MAX);
    assertThat(printed).contains(name).contains("1234567").contains("w~");
  }

  @Test
  void aRowMustFit() {
    assertThatThrownBy(() -> new Table("A", "B").row("only one"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 ns",
    "999,999 ns",
    "1000,1 us",
    "12345,12.3 us",
    "123456,123 us",
    "999960,1000 us",
    "4560000,4.56 ms",
    "1200000000,1.20 s",
    "99950000000,100 s"
  })
  void durations(long ns, String text) {
    assertThat(Figures.duration(ns)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "950,950", "12345,12.3 k", "1050000,1.05 M", "0.5,0.50"})
  void counts(double number, String text) {
    assertThat(Figures.count(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0B", "512,512B", "4096,4KiB", "1536,1536B", "1572864,1536KiB", "1000000,977 KiB"})
  void sizes(long bytes, String text) {
    assertThat(Figures.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void jsonOfEveryKind() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "a\"b");
    value.put("number", 1L << 40);
    value.put("fraction", 1.23456);
    value.put("never", Double.NaN);
    value.put("wide", new BigInteger("340282366920938463463374607431768211455"));
    value.put("yes", true);
    value.put("list", Arrays.asList(1, null, Map.of()));
    value.put("empty", List.of());
    assertThat(Json.text(value).replaceAll("\\s+", ""))
        .isEqualTo(
            "{\"text\":\"a\\\"b\",\"number\":1099511627776,\"fraction\":1.235,\"never\":null,"
                + "\"wide\":340282366920938463463374607431768211455,\"yes\":true,"
                + "\"list\":[1,null,{}],\"empty\":[]}");
  }
}
