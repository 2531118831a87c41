package io.mora.cli.connect;

import io.mora.protocol.admin.Quantity;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's duration: {@code 10s}, {@code 250ms}, {@code 2min}; a bare number is seconds. */
public final class TimeSpan implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      boolean bare = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
      return Quantity.parseDuration(bare ? text + "s" : text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration: " + Quantity.DURATION_FORM);
    }
  }
}
