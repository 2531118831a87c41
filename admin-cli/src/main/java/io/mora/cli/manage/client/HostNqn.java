package io.mora.cli.manage.client;

import picocli.CommandLine.ITypeConverter;

/** An option's host name, which may be written short. */
public final class HostNqn implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    return HostName.full(text);
  }
}
