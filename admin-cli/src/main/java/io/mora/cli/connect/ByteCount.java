package io.mora.cli.connect;

import io.mora.protocol.admin.Quantity;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's number of bytes: {@code 4096}, {@code 64KiB}, {@code 1GiB}. */
public final class ByteCount implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return Quantity.parseBytes(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' is not a size: " + Quantity.BYTES_FORM);
    }
  }
}
