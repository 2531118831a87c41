package io.mora.cli.streams;

import io.mora.cli.streams.StreamSpec.Place;
import io.mora.cli.streams.StreamSpec.Purpose;
import io.mora.cli.streams.StreamSpec.Shape;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.intent.LatencyClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A stream as text: class, direction and size, then what else there is to say, in any order.
 *
 * <pre>
 *   critical:read:4k:qd1:step
 *   prefetch:read:64k:qd8:confidence=30:expire
 *   bulk:write:128k:qd128:connections=4
 *   interactive:mixed70:8k:rate=2000:budget=1ms
 * </pre>
 */
public final class StreamSyntax implements ITypeConverter<StreamSpec> {
  /** What it takes, for messages and help. */
  public static final String FORM =
      "CLASS:read|write|mixedPERCENT:SIZE and any of qdN, step, expire, sequential, rate=, budget=,"
          + " confidence=, connections=, loops=, cpus=A+B, nice=, nsid=, host=, name=";

  private static final int DEPTH_MAX = 4096;
  private static final long BLOCK_BYTES_MAX = 16L << 20;
  private static final int CONNECTIONS_MAX = 256;

  @Override
  public StreamSpec convert(String text) {
    return new Words(text).spec();
  }

  /** The words of one stream; a key with {@code =} goes to the end, as an NQN has colons. */
  private static final class Words {
    private final String text;
    private final List<String> rest;
    private final String first;
    private final String second;
    private final String third;

    Words(String text) {
      this.text = text;
      int host = text.indexOf(":host=");
      String plain = host < 0 ? text : text.substring(0, host);
      List<String> words = new ArrayList<>(Arrays.asList(plain.split(":", -1)));
      if (words.size() < 3) {
        throw wrong("has " + words.size() + " parts");
      }
      first = words.remove(0);
      second = words.remove(0);
      third = words.remove(0);
      rest = words;
      if (host >= 0) {
        rest.add(text.substring(host + 1)); // an NQN has colons: it comes last
      }
    }

    StreamSpec spec() {
      LatencyClass latencyClass = latencyClass();
      String name = value("name");
      String host = value("host");
      Purpose purpose =
          new Purpose(
              latencyClass,
              (int) number("confidence", 50, 0, 100),
              word("step"),
              word("expire"),
              duration("budget"));
      Shape shape =
          new Shape(
              readPercent(),
              blockBytes(),
              depth(),
              number("rate", 0, 0, 100_000_000),
              word("sequential"));
      Place place =
          new Place(
              (int) number("connections", 1, 1, CONNECTIONS_MAX),
              (int) number("loops", 1, 1, CONNECTIONS_MAX),
              cpus(),
              (int) number("nice", 0, -20, 19),
              (int) number("nsid", 0, 0, Integer.MAX_VALUE),
              host == null ? null : new Nqn(host));
      if (!rest.isEmpty()) {
        throw wrong("does not know '" + rest.get(0) + "'");
      }
      return new StreamSpec(name == null ? first : name, purpose, shape, place);
    }

    private LatencyClass latencyClass() {
      if (first.equals("none")) {
        return LatencyClass.DEFAULT;
      }
      for (LatencyClass each : LatencyClass.values()) {
        if (each != LatencyClass.DEFAULT && first.replace('_', '-').equals(word(each))) {
          return each;
        }
      }
      throw wrong("has no class '" + first + "' (none, " + classes() + ")");
    }

    private static String word(LatencyClass each) {
      return each.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String classes() {
      List<String> words = new ArrayList<>();
      for (LatencyClass each : LatencyClass.values()) {
        if (each != LatencyClass.DEFAULT) {
          words.add(word(each));
        }
      }
      return String.join(", ", words);
    }

    private int readPercent() {
      if (second.equals("read")) {
        return 100;
      } else if (second.equals("write")) {
        return 0;
      } else if (second.startsWith("mixed")) {
        return (int) bounded("mixed", second.substring(5), 0, 100);
      }
      throw wrong("has no direction '" + second + "' (read, write, mixed70)");
    }

    private int blockBytes() {
      try {
        String size = third.matches("\\d+[kKmM]") ? third + "iB" : third;
        long bytes = Quantity.parseBytes(size);
        if (bytes >= 1 && bytes <= BLOCK_BYTES_MAX) {
          return (int) bytes;
        }
      } catch (IllegalArgumentException e) {
        throw wrong("has no size '" + third + "' (4k, 128KiB)");
      }
      throw wrong("has a size of " + third + " (1 to 16MiB)");
    }

    private int depth() {
      for (String word : rest) {
        if (word.startsWith("qd")) {
          rest.remove(word);
          return (int) bounded("qd", word.substring(2), 1, DEPTH_MAX);
        }
      }
      return 1;
    }

    private List<Integer> cpus() {
      String value = value("cpus");
      List<Integer> cpus = new ArrayList<>();
      if (value != null) {
        for (String cpu : value.split("\\+", -1)) {
          cpus.add((int) bounded("cpus", cpu, 0, 1 << 16));
        }
      }
      return cpus;
    }

    private boolean word(String word) {
      return rest.remove(word);
    }

    private @Nullable String value(String key) {
      for (String word : rest) {
        if (word.startsWith(key + "=")) {
          rest.remove(word);
          return word.substring(key.length() + 1);
        }
      }
      return null;
    }

    private long number(String key, long byDefault, long min, long max) {
      String value = value(key);
      return value == null ? byDefault : bounded(key + "=", value, min, max);
    }

    private long bounded(String key, String value, long min, long max) {
      try {
        long number = Long.parseLong(value);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw wrong("says " + key + value + " (a number from " + min + " to " + max + ")");
      }
      throw wrong("says " + key + value + " (" + min + " to " + max + ")");
    }

    /** Microseconds; 0 if it is not there. */
    private long duration(String key) {
      String value = value(key);
      if (value == null) {
        return 0;
      }
      try {
        long us = TimeUnit.MICROSECONDS.convert(Quantity.parseDuration(value));
        if (us > 0) {
          return us;
        }
      } catch (IllegalArgumentException e) {
        throw wrong("says " + key + "=" + value + " (" + Quantity.DURATION_FORM + ")");
      }
      throw wrong("says " + key + "=" + value + " (longer than nothing)");
    }

    private TypeConversionException wrong(String what) {
      return new TypeConversionException("stream '" + text + "' " + what + "; it is " + FORM);
    }
  }
}
