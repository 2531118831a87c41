package io.mora.target.state;

import io.mora.protocol.admin.TargetSpec;
import io.mora.qos.locality.PinnedThreads;
import io.mora.target.config.store.Disk;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.reservation.ReservationKeeper;
import io.mora.target.reservation.ReservationState;
import io.mora.target.reservation.ReservationText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in which reservations are kept through a loss of power, each in a file named by the UUID
 * of its namespace. One process at a time.
 *
 * <p>Assumes: nobody else writes there. Guarantees: a file is the old or the new one, whole, and is
 * at the device before its change is seen; no shard's thread waits; at most {@link #WAITING_MAX}
 * changes of a namespace wait, of all its hosts together, and more are refused. Progress: as fast
 * as the folder's device. One thread makes all changes: namespaces take turns, one change each, so
 * that what is first of its own waits for at most one of every other; that a namespace comes or
 * goes, or is looked at for the last time, waits only for the change under way and those of its
 * own.
 */
public final class StateFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);

  /** Changes of a namespace that may wait: two of every registrant there can be. */
  static final int WAITING_MAX = 2 * ReservationState.REGISTRANTS_MAX;

  /**
   * Files of namespaces that are served no more, at most: who brings a namespace back finds what
   * was kept of it. Of more than that those go that changed longest ago.
   */
  static final int LEFT_MAX = (int) TargetSpec.NAMESPACES.max();

  /** No namespace has this one. */
  private static final UUID NOBODY = new UUID(0, 0);

  private static final String SUFFIX = ".reservation";
  private static final String NEXT = ".next";
  private static final long CLOSE_S = 30;
  private static final Set<PosixFilePermission> FILE_MODE =
      PosixFilePermissions.fromString("rw-r-----");
  private static final Set<PosixFilePermission> FOLDER_MODE =
      PosixFilePermissions.fromString("rwxr-x---");

  private final Path folder;
  private final Disk disk;
  private final ThreadPoolExecutor thread =
      PinnedThreads.pool("mora-state", 1, Integer.MAX_VALUE, 0);

  private final TaskLines<UUID> changes = new TaskLines<>(WAITING_MAX, thread);

  /** Those in use; tasks of the thread only. */
  private final Map<UUID, NamespaceReservation> served = new HashMap<>();

  /** Of those not in use; tasks of the thread only. */
  private final LeftFiles left;

  /**
   * The folder itself is there after a loss of power: who made it may not have got as far. Tasks of
   * the thread only.
   */
  private boolean foundAgain;

  StateFolder(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
    this.left = new LeftFiles(folder, SUFFIX, disk);
  }

  /**
   * A folder that is made when there is something to keep.
   *
   * @param folder its parent has to be there by then
   * @throws IOException if there is such a folder and it cannot be used, naming it: what is kept in
   *     it would keep everybody out of every namespace, and nothing could be done about that
   */
  public static StateFolder at(Path folder) throws IOException {
    return at(folder, Disk.real());
  }

  /** As {@link #at(Path)}, by such steps. */
  public static StateFolder at(Path folder, Disk disk) throws IOException {
    if (!Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
      check(folder);
    }
    return new StateFolder(folder, disk);
  }

  private static void check(Path folder) throws IOException {
    String why = "";
    try (Stream<Path> kept = Files.list(folder)) {
      kept.forEach(each -> {});
    } catch (IOException | UncheckedIOException e) {
      why = " (" + e + ")";
    }
    if (!why.isEmpty() || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
      throw new IOException(
          "reservations are kept in "
              + folder
              + ", which cannot be listed and written"
              + why
              + ": it has to be a folder that this process may read and write, or not be there");
    }
  }

  /**
   * What a namespace that is to be served has as its reservation; {@link #serve} it. What cannot be
   * read keeps everybody out ({@link ReservationState#LOST}), which is logged.
   */
  public NamespaceReservation reservation(UUID namespace) {
    Path file = file(namespace);
    return new NamespaceReservation(read(file), new Keeper(namespace, file));
  }

  private static ReservationState read(Path file) {
    try {
      if (Files.size(file) > ReservationText.LENGTH_MAX) {
        throw new IllegalArgumentException("it is too long");
      }
      return ReservationText.parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      return ReservationState.NONE;
    } catch (IOException | IllegalArgumentException e) {
      LOG.error(
          "The reservation in {} cannot be read: {}. Nobody may read or write this namespace until"
              + " a host has registered and cleared the reservation, or the file is removed and the"
              + " target started again",
          file,
          e.toString());
      return ReservationState.LOST;
    }
  }

  /**
   * A namespace is served from now on. If one with the same UUID was, whatever its storage, this
   * one goes on with what is kept, and that one changes nothing any more. A control thread; waits.
   */
  public void serve(UUID namespace, NamespaceReservation reservation) {
    await(
        namespace,
        () -> {
          NamespaceReservation before = served.put(namespace, reservation);
          if (before != null) {
            reservation.takeOver(before);
          }
        });
  }

  /**
   * A namespace is served no more; what is kept of it stays, and changes no more. A control thread;
   * waits.
   */
  public void leave(UUID namespace, NamespaceReservation reservation) {
    await(
        namespace,
        () -> {
          reservation.end();
          if (served.remove(namespace, reservation) && isKept(file(namespace))) {
            left.oneMore();
          }
        });
  }

  /**
   * Lets go of what is kept of namespaces that left, but for the latest {@link #LEFT_MAX}: when all
   * that is to be served is, and that the others are not is durable. Looks for them only the first
   * time, and when so many may have left. A control thread; waits.
   */
  public void trim() {
    await(NOBODY, () -> left.trim(served.keySet(), LEFT_MAX));
  }

  /**
   * A namespace was deleted, durably, and nobody changes its reservation any more: nothing is found
   * of it from now on, unless one with this UUID is served. A control thread; waits.
   *
   * @throws IOException if it may be found still
   */
  public void forget(UUID namespace) throws IOException {
    Path file = file(namespace);
    IOException[] failed = {null};
    await(
        namespace,
        () -> {
          try {
            if (!served.containsKey(namespace) && isKept(file)) {
              disk.delete(file);
              left.oneLess();
              disk.syncFolder(folder);
            }
          } catch (IOException e) {
            failed[0] = e;
          }
        });
    if (failed[0] != null) {
      throw failed[0];
    }
  }

  /** Runs a task after the namespace's changes that wait, and before those of others. */
  private void await(UUID namespace, Runnable task) {
    FutureTask<?> ahead = new FutureTask<>(Executors.callable(task));
    changes.addFirst(namespace, ahead);
    try {
      ahead.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static boolean isKept(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private Path file(UUID namespace) {
    return folder.resolve(namespace + SUFFIX);
  }

  /** Ends when what was begun is at the device. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_S, TimeUnit.SECONDS)) {
        LOG.error("{} does not answer: a change of a reservation may not be kept", folder);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Keeper implements ReservationKeeper {
    private final UUID namespace;
    private final Path file;

    Keeper(UUID namespace, Path file) {
      this.namespace = namespace;
      this.file = file;
    }

    @Override
    public boolean execute(Runnable task) {
      return changes.add(namespace, task);
    }

    @Override
    public void executeFirst(Runnable task) {
      changes.addFirst(namespace, task);
    }

    @Override
    public void keep(ReservationState state) throws IOException {
      if (state.isPersistent()) {
        write(ReservationText.of(state).getBytes(StandardCharsets.UTF_8));
      } else {
        disk.delete(file);
        disk.syncFolder(folder);
      }
    }

    private void write(byte[] text) throws IOException {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER_MODE));
        foundAgain = false;
      }
      if (!foundAgain) {
        Path parent = folder.toAbsolutePath().getParent();
        disk.syncFolder(parent == null ? folder : parent);
        foundAgain = true;
      }
      Path next = file.resolveSibling(file.getFileName() + NEXT);
      disk.write(next, text, FILE_MODE);
      disk.rename(next, file);
      disk.syncFolder(folder);
    }
  }
}
