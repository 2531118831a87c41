package io.mora.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON from maps, lists, numbers, booleans and anything with a text. */
public final class Json {
  /*
   * Jackson's generator without its databinding: that would cost a short command a third of its
   * time, and what is printed is a contract better written down than derived from classes.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private Json() {}

  /** Writes the value, indented, and a line's end. */
  public static void write(Writer out, Object value) {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      write(json, value);
      json.writeRaw(System.lineSeparator());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value as {@link #write} writes it. */
  public static String text(Object value) {
    StringWriter out = new StringWriter();
    write(out, value);
    return out.toString();
  }

  static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (value instanceof Number number) {
      writeNumber(json, number);
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else {
      json.writeString(value.toString());
    }
  }

  /** Fractions to three digits: nothing here is measured finer. */
  private static void writeNumber(JsonGenerator json, Number number) throws IOException {
    if (number instanceof Double fraction) {
      if (fraction.isNaN() || fraction.isInfinite()) {
        json.writeNull();
      } else {
        json.writeNumber(Math.round(fraction * 1000) / 1000.0);
      }
    } else if (number instanceof BigInteger big) {
      json.writeNumber(big);
    } else {
      json.writeNumber(number.longValue());
    }
  }
}
