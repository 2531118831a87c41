package io.mora.cli.manage.watch;

import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminOptions;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.output.GlobalOptions;
import java.io.PrintWriter;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** The options of commands that list something, and what they do with it. */
public final class Listing {
  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private WatchOptions watch = new WatchOptions();

  /** Prints what the API answers, again and again if that is wanted. */
  public void print(String path, BiConsumer<Doc, PrintWriter> table) {
    print(client -> client.get(path), table);
  }

  /** As {@link #print(String, BiConsumer)}, made of what the API answers. */
  public void print(Function<AdminClient, Doc> read, BiConsumer<Doc, PrintWriter> table) {
    AdminClient client = admin.client();
    watch.print(global, () -> read.apply(client), table);
  }
}
