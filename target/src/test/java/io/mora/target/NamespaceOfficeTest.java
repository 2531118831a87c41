package io.mora.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.status.Status;
import io.mora.target.controller.manage.NamespaceMaker;
import io.mora.target.controller.manage.NamespaceOrder;
import io.mora.target.live.ApplyResult;
import io.mora.target.live.SpecChanger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of orders that do not come about. */
class NamespaceOfficeTest {
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:disk");
  private static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:host");
  private static final int SIZE = 1 << 20;
  private static final NamespaceOrder MAKE =
      new NamespaceOrder.Make(SUBSYSTEM, HOST, SIZE, 4096, 1);

  @TempDir private Path folder = Path.of("");
  private final NamespaceOffice office = new NamespaceOffice();

  @SuppressWarnings("NullAway.Init") // before each test
  private MoraTarget target;

  @BeforeEach
  void start() throws IOException {
    PoolSpec pool = new PoolSpec(folder.toString(), 4 * SIZE, List.of(HOST));
    NamespaceSpec other = NamespaceSpec.of(SUBSYSTEM, 1, 4096, new BackendSpec.Memory(SIZE));
    SubsystemSpec open = SubsystemSpec.openToAll(SUBSYSTEM, List.of(other));
    target =
        MoraTarget.start(
            TargetSpec.of(
                    List.of(ListenerSpec.of("127.0.0.1", 0)),
                    List.of(open.withPolicy(open.policy().withPool(pool))))
                .withHosts(List.of(new HostSpec(HOST))));
  }

  @AfterEach
  void stop() {
    office.close();
    target.close();
  }

  private int ended(NamespaceOrder order, int look) {
    return carriedOut(office, order, look).join();
  }

  /** The status it ends with, of a host whose last look comes to this. */
  static CompletableFuture<Integer> carriedOut(
      NamespaceOffice office, NamespaceOrder order, int look) {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    office.carryOut(
        order,
        new NamespaceMaker.Caller() {
          @Override
          public int look() {
            return look;
          }

          @Override
          public void ended(int status, int nsid) {
            ended.complete(status);
          }
        });
    return ended;
  }

  private ApplyResult applied(SpecChanger.Edit edit) {
    TargetSpec wanted = edit.of(target.spec());
    return wanted == null ? ApplyResult.done(List.of()) : target.apply(wanted);
  }

  @Test
  void whatIsNotKeptYetIsToBeTriedAgain() {
    assertThat(ended(MAKE, Status.SUCCESS)).isEqualTo(Status.COMMAND_INTERRUPTED);
    office.opens(target, null);
    assertThat(ended(MAKE, Status.SUCCESS)).isEqualTo(Status.COMMAND_INTERRUPTED);
    office.opens(target, (who, edit) -> applied(edit));
    assertThat(ended(MAKE, Status.SUCCESS)).isEqualTo(Status.SUCCESS);
    assertThat(folder).isDirectoryContaining("glob:**.namespace");
  }

  @Test
  void whatIsNotServedLeavesNoFile() {
    TargetSpec before = target.spec();
    office.opens(
        target,
        (who, edit) -> {
          applied(edit);
          target.apply(before);
          return ApplyResult.refused(List.of(Problem.of("", "", "", "the disk is full")));
        });
    assertThat(ended(MAKE, Status.SUCCESS)).isEqualTo(Status.INTERNAL_ERROR);
    assertThat(folder).isEmptyDirectory();
    office.opens(
        target,
        (who, edit) -> {
          applied(edit);
          target.apply(before);
          throw new IllegalStateException("on purpose");
        });
    assertThat(ended(MAKE, Status.SUCCESS)).isEqualTo(Status.INTERNAL_ERROR);
    assertThat(folder).isEmptyDirectory();
  }

  /** Who is not told would wait for ever, and what stands still for it with it. */
  @Test
  void whoOrderedIsToldWhateverHappens() {
    AtomicInteger orders = new AtomicInteger();
    office.opens(
        target,
        (who, edit) -> {
          if (orders.getAndIncrement() == 0) {
            throw new AssertionError("on purpose");
          }
          return applied(edit);
        });
    CompletableFuture<Integer> failed = carriedOut(office, MAKE, Status.SUCCESS);
    assertThat(ended(MAKE, Status.SUCCESS)).as("the next one").isEqualTo(Status.SUCCESS);
    assertThat(failed).isCompletedWithValue(Status.INTERNAL_ERROR);
  }

  /** An operator was quicker: the namespace is back, with its file. */
  @Test
  void whatIsServedAgainKeepsItsFile() {
    office.opens(target, (who, edit) -> applied(edit));
    assertThat(ended(MAKE, Status.SUCCESS)).isEqualTo(Status.SUCCESS);
    TargetSpec with = target.spec();
    office.opens(
        target,
        (who, edit) -> {
          ApplyResult result = applied(edit);
          target.apply(with);
          return result;
        });
    ended(new NamespaceOrder.Delete(SUBSYSTEM, HOST, 2), Status.SUCCESS);
    assertThat(folder).isDirectoryContaining("glob:**.namespace");
  }

  /** A reservation that came while the order waited, or trust that was taken back. */
  @Test
  void theHostIsLookedAtAgain() {
    TargetSpec before = target.spec();
    office.opens(target, (who, edit) -> applied(edit));
    assertThat(ended(MAKE, Status.RESERVATION_CONFLICT))
        .isEqualTo(Status.RESERVATION_CONFLICT | Status.DNR);
    assertThat(target.spec()).isEqualTo(before);
  }
}
