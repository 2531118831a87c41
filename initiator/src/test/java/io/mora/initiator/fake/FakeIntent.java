package io.mora.initiator.fake;

import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.Features;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.IntentIdentify;
import io.mora.protocol.intent.Registration;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The latency-intent extension of the fake controller, and Abort; what a host said is kept. */
public final class FakeIntent implements Script {
  /** CDW2 and CDW3 of an I/O command. */
  public record Said(int opcode, int cdw2, int cdw3) {}

  private record Held(Wire wire, int cid) {}

  private static final int GRANTED = 6;

  public volatile boolean refuse;
  public volatile boolean holdReads;

  /** Keeps nothing of I/O commands. */
  public volatile boolean forget;

  public volatile boolean answerAborts = true;
  public volatile int expireStatus;
  public final AtomicInteger tooSoon = new AtomicInteger();

  public final AtomicInteger controls = new AtomicInteger();
  public volatile int lastControl;
  public final List<Said> said = new CopyOnWriteArrayList<>();
  public final List<Said> connects = new CopyOnWriteArrayList<>();
  public final List<HostFeedback> feedback = new CopyOnWriteArrayList<>();
  public final Map<Integer, Registration> registered = new ConcurrentHashMap<>();
  public final AtomicInteger registrations = new AtomicInteger();
  public final List<Integer> aborts = new CopyOnWriteArrayList<>();

  /** CIDs that were hastened. */
  public final List<Integer> hastened = new CopyOnWriteArrayList<>();

  private final List<Held> held = new CopyOnWriteArrayList<>();
  private final List<Held> unanswered = new CopyOnWriteArrayList<>();

  private FakeIntent() {}

  /** Makes a controller offer the extension with a number of registration slots. */
  public static FakeIntent on(FakeController controller, int slots) {
    return on(controller, slots, IntentIdentify.HASTENING);
  }

  /** Likewise, with more capabilities than those any has. */
  public static FakeIntent on(FakeController controller, int slots, int more) {
    FakeIntent intent = new FakeIntent();
    int all =
        IntentIdentify.CARRIER_A
            | IntentIdentify.TIMING_REPLY
            | IntentIdentify.REGISTRATIONS
            | IntentIdentify.FEEDBACK
            | IntentIdentify.EXPIRING
            | more;
    byte[] area = new IntentIdentify(all, IntentFeature.COUNT, 2, slots, 0).toBytes();
    Bytes vendor = Bytes.of(Arrays.copyOf(area, Field.VS.width()));
    controller.admin.identify = builder -> builder.set(Field.VS, vendor).set(Field.ACL, 3);
    controller.script(intent);
    return intent;
  }

  /** No longer offers it. */
  public static void off(FakeController controller) {
    controller.admin.identify = builder -> builder;
  }

  @Override
  public boolean handle(Wire wire, Command command) throws IOException {
    if (command.opcode() == AdminOpcode.FABRICS) {
      if (Sqe.fctype(command.sqe(), 0) == FabricsType.CONNECT) {
        connects.add(said(command));
      }
      return false;
    }
    return wire.qid == 0 ? admin(wire, command) : io(wire, command);
  }

  private static Said said(Command command) {
    return new Said(command.opcode(), Sqe.cdw2(command.sqe(), 0), Sqe.cdw3(command.sqe(), 0));
  }

  private boolean io(Wire wire, Command command) throws IOException {
    if (!forget) {
      said.add(said(command));
    }
    if (command.opcode() == IntentFeature.HASTEN) {
      hastened.add(Sqe.cdw10(command.sqe(), 0) & 0xFFFF);
      wire.respond(command.cid(), 0, 0);
      return true;
    }
    if (command.opcode() != NvmOpcode.READ) {
      return false;
    }
    if (expireStatus != 0) {
      wire.respond(command.cid(), expireStatus, 0);
      return true;
    }
    if (holdReads) {
      held.add(new Held(wire, command.cid()));
    }
    return holdReads;
  }

  /** Reads that were not answered. */
  public int held() {
    return held.size();
  }

  private boolean admin(Wire wire, Command command) throws IOException {
    int cid = command.cid();
    int fid = Features.fid(command.sqe(), 0);
    if (command.opcode() == AdminOpcode.ABORT) {
      aborts.add(Sqe.cdw10(command.sqe(), 0));
      if (answerAborts) {
        abort(wire, cid, Sqe.cdw10(command.sqe(), 0));
      } else {
        unanswered.add(new Held(wire, cid));
      }
      return true;
    }
    boolean set = command.opcode() == AdminOpcode.SET_FEATURES;
    if (command.opcode() == AdminOpcode.GET_FEATURES && fid == IntentFeature.CONTROL) {
      wire.respond(cid, 0, reply());
      return true;
    }
    if (!set || fid < IntentFeature.CONTROL) {
      return false;
    }
    wire.respond(cid, set(fid, command), fid == IntentFeature.CONTROL ? reply() : 0);
    return true;
  }

  private long reply() {
    return IntentFeature.controlReply(lastControl, GRANTED, true, true, 7) & 0xFFFF_FFFFL;
  }

  private int set(int fid, Command command) {
    int cdw11 = Sqe.cdw11(command.sqe(), 0);
    if (refuse) {
      return Status.INVALID_FIELD | Status.DNR;
    }
    switch (fid) {
      case IntentFeature.CONTROL -> {
        lastControl = cdw11;
        controls.incrementAndGet();
      }
      case IntentFeature.FEEDBACK -> feedback.add(HostFeedback.decode(command.data(), 0));
      case IntentFeature.REGISTRATION -> {
        if (tooSoon.getAndDecrement() > 0) {
          return Status.INTENT_RATE_LIMITED;
        }
        register(cdw11, command);
      }
      default -> {
        return Status.INVALID_FIELD | Status.DNR;
      }
    }
    return 0;
  }

  private void register(int cdw11, Command command) {
    if ((cdw11 & IntentFeature.REGISTRATION_REMOVE) != 0) {
      registered.remove(cdw11 & 0xFF);
    } else {
      registrations.incrementAndGet();
      registered.put(cdw11 & 0xFF, Registration.decode(command.data(), 0));
    }
  }

  private void abort(Wire wire, int cid, int cdw10) throws IOException {
    Held found = null;
    for (Held each : held) {
      if (each.wire().qid == (cdw10 & 0xFFFF) && each.cid() == cdw10 >>> 16) {
        found = each;
      }
    }
    if (found != null && held.remove(found)) {
      found.wire().respond(found.cid(), Status.ABORT_REQUESTED, 0);
    }
    wire.respond(cid, 0, found != null ? 0 : 1);
  }

  /** Answers the commands that were held as if they had run, without data: for writes and such. */
  public void endHeld(int status) throws IOException {
    for (Held each : held) {
      each.wire().respond(each.cid(), status, 0);
    }
    held.clear();
  }

  /** Answers the aborts that were not. */
  public void answerAborts() throws IOException {
    answerAborts = true;
    for (Held each : unanswered) {
      each.wire().respond(each.cid(), 0, 1);
    }
    unanswered.clear();
  }
}
