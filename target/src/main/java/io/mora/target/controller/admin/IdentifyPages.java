package io.mora.target.controller.admin;

import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.CommandSetCombinations;
import io.mora.protocol.data.ControllerList;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.data.IdentifyControllerNvm;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.data.IdentifyNamespaceIndependent;
import io.mora.protocol.data.NamespaceIdentifiers;
import io.mora.protocol.data.NamespaceList;
import io.mora.protocol.data.Structure;
import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.controller.Controller;
import io.mora.target.controller.KeepAlive;
import io.mora.target.controller.Properties;
import io.mora.target.controller.manage.NamespaceCommands;
import io.mora.target.controller.manage.NamespaceMaker;
import io.mora.target.controller.notice.ErrorLog;
import io.mora.target.controller.nvm.CopyLimits;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.Limits;
import io.mora.target.shard.IoBuffer;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import io.mora.target.subsystem.PortAna;
import io.mora.target.subsystem.Subsystem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Identify: what the controller and its namespaces say about themselves. */
final class IdentifyPages {
  static final int WARNING_TEMPERATURE_K = 343;

  private static final int CRITICAL_TEMPERATURE_K = 358;

  /** Ports and controllers: several of each. */
  private static final int CMIC = 0x03;

  /** And ANA reporting. */
  private static final int CMIC_IO = 0x0B;

  /** Every ANA state; a namespace may change its group. */
  private static final int ANACAP = 0x1F;

  /** Longest time in the state change, in seconds. */
  private static final int ANATT = 10;

  /** 128-bit host identifiers, traffic based keep-alive. */
  private static final int CTRATT = 0x41;

  /** Namespace attribute and ANA notices; discovery log notices. */
  private static final long OAES_IO = 1 << 8 | 1 << 11;

  private static final long OAES_DISCOVERY = 1L << 31;

  /** Effects log, extended Get Log Page. */
  private static final int LPA_IO = 0x06;

  private static final int LPA_DISCOVERY = 0x04;

  /**
   * Compare, Dataset Management, Write Zeroes, save and select of features, reservations,
   * Timestamp, Verify, Copy.
   */
  private static final int ONCS = 0x1FD;

  /** All types of reservation, IEKEY as of 1.3. */
  private static final int RESCAP = 0xFE;

  /** They may outlive the target. */
  private static final int RESCAP_PTPL = 1;

  /** Format NVM. */
  private static final int OACS = 0x02;

  /** Namespace Management and Attachment, for hosts that may. */
  private static final int OACS_MANAGE = 0x08;

  /** A format is of one namespace, and so is what it erases. */
  private static final int FNA = 0x08;

  /** How far a format has come is told. */
  private static final int FPI_SUPPORTED = 0x80;

  /** Compare and Write. */
  private static final int FUSES = 1;

  /** Copy descriptor format 0. */
  private static final int OCFS = 1;

  /** A cache, and Flush of all namespaces supported. */
  private static final int VWC_PRESENT = 0x07;

  private static final int VWC_ABSENT = 0x06;

  /** Byte aligned data blocks, transport SGLs. */
  private static final long SGLS = 0x0030_0001;

  private static final int RTD3E_US = 10_000_000;

  private final Controller controller;
  private final NamespaceMaker maker;

  IdentifyPages(Controller controller, NamespaceMaker maker) {
    this.controller = controller;
    this.maker = maker;
  }

  static boolean anyVolatile(Controller controller) {
    NamespaceTable table = controller.namespaces();
    for (int i = 0; i < table.size(); i++) {
      if (table.at(i).geometry().volatileWriteCache()) {
        return true;
      }
    }
    return false;
  }

  void fill(CommandSlot slot, IoBuffer into) {
    int cns = Identify.cns(slot.sqe, 0);
    boolean nvm = Identify.csi(slot.sqe, 0) == Identify.CSI_NVM;
    if (cns == Identify.CONTROLLER) {
      controllerPage().encode(into.buf, 0);
      return;
    }
    if (controller.subsystem().isDiscovery()) {
      refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
      return;
    }
    switch (cns) {
      case Identify.NAMESPACE -> namespacePage(slot, controller.namespaces(), into);
      case Identify.ALLOCATED_NAMESPACE -> namespacePage(slot, allocated(), into);
      case Identify.ACTIVE_NAMESPACES -> namespaceList(slot, controller.namespaces(), into);
      case Identify.ALLOCATED_NAMESPACES -> namespaceList(slot, allocated(), into);
      case Identify.NAMESPACE_CONTROLLERS -> {
        Namespace namespace = allocated().find(slot.nsid());
        if (namespace == null) {
          refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
        } else {
          controllerList(slot, each -> each.namespaces().find(slot.nsid()) == namespace, into);
        }
      }
      case Identify.CONTROLLERS -> controllerList(slot, each -> true, into);
      case Identify.COMMAND_SETS -> CommandSetCombinations.NVM_ONLY.encode(into.buf, 0);
      case Identify.NAMESPACE_DESCRIPTORS -> descriptors(slot, into);
      case Identify.NAMESPACE_INDEPENDENT -> independent(slot, into);
      case Identify.ACTIVE_NAMESPACES_CSI -> {
        if (nvm) {
          namespaceList(slot, controller.namespaces(), into);
        } else {
          refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
        }
      }
      case Identify.CONTROLLER_CSI -> {
        if (nvm) {
          controllerNvm().encode(into.buf, 0);
        } else {
          refuse(slot, Status.INVALID_FIELD, Sqe.CDW11);
        }
      }
      case Identify.NAMESPACE_CSI -> {
        if (!nvm || find(slot) == null) {
          refuse(slot, nvm ? Status.INVALID_NAMESPACE : Status.INVALID_FIELD, Sqe.CDW11);
        }
      }
      default -> refuse(slot, Status.INVALID_FIELD, Sqe.CDW10);
    }
  }

  // --- controller

  private IdentifyController controllerPage() {
    Subsystem subsystem = controller.subsystem();
    var page = IdentifyController.builder();
    boolean discovery = subsystem.isDiscovery();
    Limits limits = controller.limits();
    page.set(Field.SN, subsystem.identity().serial())
        .set(Field.MN, subsystem.identity().model())
        .set(Field.FR, subsystem.identity().firmware())
        .set(Field.RAB, 6)
        .set(Field.CMIC, discovery ? CMIC : CMIC_IO)
        .set(Field.MDTS, limits.mdts())
        .set(Field.CNTLID, controller.cntlid())
        .set(Field.VER, Properties.VERSION)
        .set(Field.RTD3E, RTD3E_US)
        .set(Field.OAES, discovery ? OAES_DISCOVERY : OAES_IO)
        .set(Field.CTRATT, CTRATT)
        .set(
            Field.CNTRLTYPE,
            discovery ? IdentifyController.TYPE_DISCOVERY : IdentifyController.TYPE_IO)
        .set(Field.AERL, AsyncEvents.REQUESTS_MAX - 1)
        .set(Field.LPA, discovery ? LPA_DISCOVERY : LPA_IO)
        .set(Field.KAS, KeepAlive.KAS)
        .set(Field.MAXCMD, limits.queueDepthMax())
        .set(Field.SGLS, SGLS)
        .set(Field.SUBNQN, subsystem.nqn().value());
    if (!discovery) {
      ioFields(page, limits);
    }
    return page.build();
  }

  private void ioFields(Structure.Builder<Field, IdentifyController> page, Limits limits) {
    page.set(Field.OACS, OACS)
        .set(Field.ACL, AbortCommand.LIMIT0)
        .set(Field.FRMW, 3)
        .set(Field.ELPE, ErrorLog.ENTRIES_MAX - 1)
        .set(Field.WCTEMP, WARNING_TEMPERATURE_K)
        .set(Field.CCTEMP, CRITICAL_TEMPERATURE_K)
        .set(Field.SQES, 0x66)
        .set(Field.CQES, 0x44)
        .set(Field.NN, NamespaceSpec.NSID.max())
        .set(Field.MNAN, NamespaceSpec.NSID.max())
        .set(Field.ANACAP, ANACAP)
        .set(Field.ANATT, ANATT)
        .set(Field.ANAGRPMAX, PortAna.GROUPS)
        .set(Field.NANAGRPID, PortAna.GROUPS)
        .set(Field.ONCS, ONCS)
        // AWUN, AWUPF and ACWU stay 0: one block, which is also what a namespace says for itself.
        .set(Field.FUSES, FUSES)
        .set(Field.FNA, FNA)
        .set(Field.OCFS, OCFS)
        .set(Field.VWC, anyVolatile(controller) ? VWC_PRESENT : VWC_ABSENT)
        .set(Field.IOCCSZ, (64 + limits.inCapsuleBytes()) / 16)
        .set(Field.IORCSZ, 1)
        .set(Field.MSDBD, 1);
    if (controller.intent().isOffered()) {
      page.set(Field.VS, IntentPages.controller(controller));
    }
    if (NamespaceCommands.mayManage(controller)) {
      long free = maker.freeBytes(controller.subsystem().nqn());
      page.set(Field.OACS, OACS | OACS_MANAGE)
          .set(Field.TNVMCAP, free + usedBytes())
          .set(Field.UNVMCAP, free);
    }
  }

  /** Of all namespaces, whoever sees them. */
  private long usedBytes() {
    NamespaceTable all = controller.subsystem().namespaces();
    long used = 0;
    for (int i = 0; i < all.size(); i++) {
      used += all.at(i).geometry().sizeBytes();
    }
    return used;
  }

  private IdentifyControllerNvm controllerNvm() {
    // Write Zeroes may name 65536 blocks: no limit beyond NLB. DSM likewise: 256 ranges.
    return IdentifyControllerNvm.builder().build();
  }

  /** From the controller id asked for on, ascending. */
  private void controllerList(CommandSlot slot, Predicate<Controller> which, IoBuffer into) {
    int from = Identify.cntid(slot.sqe, 0);
    List<Integer> ids = new ArrayList<>();
    for (Controller each : controller.ofSubsystem()) {
      if (each.cntlid() >= from && !each.isEnded() && which.test(each)) {
        ids.add(each.cntlid());
      }
    }
    Collections.sort(ids);
    new ControllerList(ids.subList(0, Math.min(ids.size(), ControllerList.ENTRIES_MAX)))
        .encode(into.buf, 0);
  }

  // --- namespaces

  private @Nullable Namespace find(CommandSlot slot) {
    return controller.namespaces().find(slot.nsid());
  }

  /** All there are, for who may attach them; for others those they see, which are attached. */
  private NamespaceTable allocated() {
    return NamespaceCommands.mayManage(controller)
        ? controller.subsystem().namespaces()
        : controller.namespaces();
  }

  private void namespacePage(CommandSlot slot, NamespaceTable table, IoBuffer into) {
    Namespace namespace = table.find(slot.nsid());
    // An inactive namespace is described by zeroes, and so is what all have in common: but for what
    // one can be made of.
    if (namespace != null) {
      namespacePage(namespace).encode(into.buf, 0);
    } else if (slot.nsid() == Sqe.NSID_ALL && NamespaceCommands.mayManage(controller)) {
      anyNamespace().encode(into.buf, 0);
    } else if (slot.nsid() == 0) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
    }
  }

  private static IdentifyNamespace anyNamespace() {
    List<IdentifyNamespace.LbaFormat> formats = new ArrayList<>();
    for (int shift : NamespaceCommands.BLOCK_SHIFTS) {
      formats.add(new IdentifyNamespace.LbaFormat(0, shift, 0));
    }
    return IdentifyNamespace.builder()
        .set(IdentifyNamespace.Field.NLBAF, formats.size() - 1)
        .set(IdentifyNamespace.Field.NMIC, 1)
        .set(IdentifyNamespace.Field.LBAF, IdentifyNamespace.lbaFormats(formats))
        .build();
  }

  private IdentifyNamespace namespacePage(Namespace namespace) {
    BackendGeometry geometry = namespace.geometry();
    int granularity0 = Math.min(geometry.optimalBlocks(), 0x10000) - 1;
    var format = new IdentifyNamespace.LbaFormat(0, namespace.blockShift(), 0);
    var page = IdentifyNamespace.builder();
    if (controller.intent().isOffered()) {
      page.set(IdentifyNamespace.Field.VS, IntentPages.namespace(namespace));
    }
    return page.set(IdentifyNamespace.Field.NSZE, geometry.blocks())
        .set(IdentifyNamespace.Field.NCAP, geometry.blocks())
        .set(IdentifyNamespace.Field.NUSE, geometry.blocks())
        .set(IdentifyNamespace.Field.NSFEAT, 0x10)
        .set(IdentifyNamespace.Field.NMIC, 1)
        .set(IdentifyNamespace.Field.DLFEAT, geometry.deallocates() ? 0x09 : 0)
        .set(IdentifyNamespace.Field.NVMCAP, geometry.sizeBytes())
        .set(IdentifyNamespace.Field.NPWG, granularity0)
        .set(IdentifyNamespace.Field.NPWA, granularity0)
        .set(IdentifyNamespace.Field.NPDG, granularity0)
        .set(IdentifyNamespace.Field.NPDA, granularity0)
        .set(IdentifyNamespace.Field.RESCAP, rescap(namespace))
        .set(IdentifyNamespace.Field.FPI, FPI_SUPPORTED | namespace.formatLeftPercent())
        .set(IdentifyNamespace.Field.MSSRL, CopyLimits.rangeBlocks(namespace.blockShift()))
        .set(IdentifyNamespace.Field.MCL, CopyLimits.totalBlocks(namespace.blockShift()))
        .set(IdentifyNamespace.Field.MSRC, CopyLimits.RANGES_MAX - 1)
        .set(IdentifyNamespace.Field.ANAGRPID, namespace.policy().reach().anaGroup())
        .set(IdentifyNamespace.Field.NSATTR, namespace.readOnly() ? 1 : 0)
        .set(IdentifyNamespace.Field.NGUID, namespace.identity().nguid())
        .set(IdentifyNamespace.Field.LBAF, IdentifyNamespace.lbaFormats(List.of(format)))
        .build();
  }

  private static int rescap(Namespace namespace) {
    return namespace.reservation().mayPersist() ? RESCAP | RESCAP_PTPL : RESCAP;
  }

  private void namespaceList(CommandSlot slot, NamespaceTable table, IoBuffer into) {
    int after = slot.nsid();
    if (Integer.compareUnsigned(after, 0xFFFFFFFE) >= 0) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
      return;
    }
    List<Integer> nsids = new ArrayList<>();
    for (int i = 0; i < table.size() && nsids.size() < NamespaceList.ENTRIES_MAX; i++) {
      int nsid = table.at(i).nsid();
      if (Integer.compareUnsigned(nsid, after) > 0) {
        nsids.add(nsid);
      }
    }
    new NamespaceList(nsids).encode(into.buf, 0);
  }

  private void descriptors(CommandSlot slot, IoBuffer into) {
    Namespace namespace = find(slot);
    if (namespace == null) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
      return;
    }
    Namespace.Identity identity = namespace.identity();
    new NamespaceIdentifiers(null, identity.nguid(), identity.uuid(), NamespaceIdentifiers.NVM)
        .encode(into.buf, 0);
  }

  private void independent(CommandSlot slot, IoBuffer into) {
    Namespace namespace = find(slot);
    if (namespace == null) {
      refuse(slot, Status.INVALID_NAMESPACE, Sqe.NSID);
      return;
    }
    boolean cached = namespace.geometry().volatileWriteCache();
    IdentifyNamespaceIndependent.builder()
        .set(IdentifyNamespaceIndependent.Field.NSFEAT, cached ? 0 : 1 << 5)
        .set(IdentifyNamespaceIndependent.Field.NMIC, 1)
        .set(IdentifyNamespaceIndependent.Field.ANAGRPID, namespace.policy().reach().anaGroup())
        .set(IdentifyNamespaceIndependent.Field.RESCAP, rescap(namespace))
        .set(IdentifyNamespaceIndependent.Field.FPI, FPI_SUPPORTED | namespace.formatLeftPercent())
        .set(IdentifyNamespaceIndependent.Field.NSATTR, namespace.readOnly() ? 1 : 0)
        .set(IdentifyNamespaceIndependent.Field.NSTAT, 1)
        .build()
        .encode(into.buf, 0);
  }

  private static void refuse(CommandSlot slot, int status, int location) {
    slot.fail(status | Status.DNR, location);
  }
}
