package io.mora.initiator.path.io;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.path.route.PathControl;
import io.mora.initiator.path.route.Route;
import io.mora.protocol.NvmeException;
import io.mora.protocol.command.NvmOpcode;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an I/O asks for, whom it tells, and how it has fared; {@link PathIo} says whose it is. */
class IoRequest {
  private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);
  private static final IoCallback NOBODY = (context, status, result) -> {};

  final SharedNamespace shared;
  final IoOptions options = new IoOptions();
  private final IoHandle ownHandle = new IoHandle();

  // What is asked for.
  private @Nullable PathNamespace view;
  int opcode;
  long slba;
  int blocks;
  ByteBuffer data = NO_DATA;
  int dataAt;
  @Nullable Function<RemoteNamespace, CompletionStage<Completion>> staged;
  private IoCallback callback = NOBODY;
  private long context;
  private @Nullable IoHandle callers;
  @Nullable Cancellation cancellation;
  int latencyClass;
  long hedgeBudgetNs;

  // From the first failure on.
  private boolean wentElsewhere;
  long submittedNs;
  private long strandedNs;
  private long notBeforeNs;
  private @Nullable PathControl waitsFor;
  @Nullable NvmeException lastFailure;

  IoRequest(SharedNamespace shared) {
    this.shared = shared;
  }

  /** Begins anew. */
  IoRequest start(PathNamespace newView, int newOpcode, IoCallback newCallback, long newContext) {
    view = newView;
    opcode = newOpcode;
    callback = newCallback;
    context = newContext;
    latencyClass = 0;
    hedgeBudgetNs = 0;
    submittedNs = 0;
    strandedNs = 0;
    wentElsewhere = false;
    options.set(IoOptions.PLAIN);
    return this;
  }

  IoRequest range(long newSlba, int newBlocks, ByteBuffer newData) {
    slba = newSlba;
    blocks = newBlocks;
    data = newData;
    dataAt = newData.position();
    return this;
  }

  /** Copies what the caller may change after the call. */
  IoRequest options(IoOptions callersOptions, @Nullable Intent intent) {
    options.set(callersOptions).region(null); // A region is one controller's.
    if (intent != null && options.intent() == null) {
      options.intent(intent); // The view's: what is left of its budget goes elsewhere with it.
    }
    latencyClass = intent == null ? 0 : intent.latencyClass();
    callers = callersOptions.handle();
    boolean reads = opcode == NvmOpcode.READ;
    if (callers != null) {
      cancellation = new Cancellation(shared, reads);
      options.handle(reads ? cancellation.first : null);
    }
    return this;
  }

  /** A read that may be sent twice, with so much time from submit. */
  void hedged(long budgetNs) {
    hedgeBudgetNs = budgetNs;
    options.handle(firstHandle());
  }

  /** A command that only comes as a stage; ends by {@link StagedIo}. */
  void staged(Function<RemoteNamespace, CompletionStage<Completion>> command) {
    staged = command;
  }

  int latencyClass() {
    return latencyClass;
  }

  RemoteNamespace by(Route route) {
    return Objects.requireNonNull(view).by(route);
  }

  /** It changes what is stored: doing it late is not the same. */
  boolean changes() {
    return switch (opcode) {
      case NvmOpcode.WRITE, NvmOpcode.WRITE_ZEROES, NvmOpcode.DATASET_MANAGEMENT -> true;
      default -> false;
    };
  }

  int bytes() {
    return blocks * shared.blockBytes();
  }

  /** The intent with what is left of its budget. */
  @Nullable Intent left(long nowNs) {
    Intent intent = options.intent();
    return intent == null || intent.budgetUs() == 0
        ? intent
        : intent.budgetUs(Math.max(1, intent.budgetUs() - (nowNs - submittedNs) / 1000));
  }

  /** Its next try is as urgent as its caller has asked since. */
  void raise(Cancellation asked) {
    Intent to = asked.raised(options.intent());
    if (to != null && to != options.intent()) {
      options.intent(to);
      latencyClass = to.latencyClass();
    }
  }

  // Cancelling.

  /** It is the caller's to cancel from now on; before it is handed over. */
  void bind() {
    IoHandle handle = callers;
    Cancellation cancelling = cancellation;
    if (handle != null && cancelling != null) {
      handle.bind(cancelling, this);
    }
  }

  boolean isCancelled() {
    Cancellation cancelling = cancellation;
    return cancelling != null && cancelling.asked();
  }

  IoHandle firstHandle() {
    Cancellation cancelling = cancellation;
    return cancelling == null ? ownHandle : cancelling.first;
  }

  /** Makes a read that was refused ready for another path; false if that was done before. */
  boolean mayGoElsewhere(long sentNs, long nowNs) {
    if (wentElsewhere || opcode != NvmOpcode.READ || isCancelled()) {
      return false;
    }
    wentElsewhere = true;
    hedgeBudgetNs = 0;
    data = data.duplicate().clear().position(dataAt); // The caller's indices are the caller's.
    submittedNs = submittedNs == 0 ? sentNs : submittedNs;
    if (options.intendedStartNs() == 0) {
      options.intendedStartNs(submittedNs);
    }
    options.intent(left(nowNs));
    return true;
  }

  /** Another path has it too, or had: one that refuses it is the last that is asked. */
  void goesElsewhere() {
    wentElsewhere = true;
  }

  // Waiting; on the paths' thread.

  void strand(long nowNs, long newNotBeforeNs) {
    if (strandedNs == 0) {
      strandedNs = nowNs;
      hedgeBudgetNs = 0;
      data = data.duplicate().clear().position(dataAt); // The caller's indices are the caller's.
    }
    submittedNs = submittedNs == 0 ? nowNs : submittedNs;
    notBeforeNs = newNotBeforeNs;
    if (options.intendedStartNs() == 0) {
      options.intendedStartNs(submittedNs); // What it lost counts.
    }
  }

  /** Its first try may run until a path is quiet, or null. */
  void waitFor(@Nullable PathControl path) {
    waitsFor = path;
  }

  /** What was sent by a path is over. */
  void quiet(PathControl path, long nowNs) {
    if (waitsFor == path) {
      notBeforeNs = nowNs;
    }
  }

  long strandedNs() {
    return strandedNs;
  }

  long notBeforeNs() {
    return notBeforeNs;
  }

  @Nullable NvmeException lastFailure() {
    return lastFailure;
  }

  // Telling.

  /** Whom to tell; {@link #unbind} forgets it. */
  IoCallback callback() {
    return callback;
  }

  long context() {
    return context;
  }

  @Nullable IoHandle callers() {
    return callers;
  }

  void unbind() {
    IoHandle handle = callers;
    callers = null;
    cancellation = null;
    callback = NOBODY;
    staged = null;
    data = NO_DATA;
    lastFailure = null;
    waitsFor = null;
    if (handle != null) {
      handle.ended(this);
    }
  }

  @Override
  public String toString() {
    return "opcode " + Integer.toHexString(opcode) + "h of " + slba + " + " + blocks;
  }
}
