package io.mora.cli.manage;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.manage.client.AdminClient;
import io.mora.cli.manage.client.AdminClient.Part;
import io.mora.cli.manage.client.Doc;
import io.mora.cli.manage.client.HttpReply;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One entry of a list in the configuration, as namespaces are.
 *
 * @param what for people: {@code subsystem nqn.2026-01.example:a}
 * @param path of the API
 * @param set the command that changes it
 */
record Entry(String what, String path, String set) {
  /** Adds it; what is there already is not replaced. */
  Doc add(AdminClient client, String listPath, Consumer<Doc> fill) {
    return client.change(
        () -> {
          Part list = client.read(listPath); // its version, before looking
          if (client.find(path).isPresent()) {
            throw new CliException(
                ExitCodes.FAILED, "there is a " + what + " already\n'" + set + "' changes it.");
          }
          Doc entry = Doc.empty();
          fill.accept(entry);
          return client.put(path, entry, list.etag());
        });
  }

  /** Changes it. */
  Doc set(AdminClient client, Consumer<Doc> change) {
    return client.edit(path, change);
  }

  /**
   * Removes it, once {@code ask} has agreed to what it is; if it became something else meanwhile,
   * that was not what was agreed to.
   */
  Doc remove(AdminClient client, Consumer<Doc> ask) {
    return remove(client, ask, etag -> client.delete(path, etag));
  }

  /** As {@link #remove(AdminClient, Consumer)}, in a way of its own. */
  Doc remove(AdminClient client, Consumer<Doc> ask, Function<String, HttpReply> removal) {
    Part agreed = client.read(path);
    ask.accept(agreed.doc());
    boolean[] again = new boolean[1];
    return client.change(
        () -> {
          if (!again[0]) {
            again[0] = true;
            return removal.apply(agreed.etag());
          }
          Optional<Part> now = client.find(path);
          if (now.isEmpty() || !now.get().doc().equals(agreed.doc())) {
            throw new CliException(
                ExitCodes.FAILED, what + " was changed meanwhile; nothing was removed");
          }
          return removal.apply(now.get().etag());
        });
  }
}
