package io.mora.protocol.status;

/** What a status means for the side that sent the command, and what to do about it. */
public enum StatusKind {
  SUCCESS("nothing to do"),
  /** The command itself is wrong; sending it again gives the same answer. */
  REQUEST("correct the command; repeating it cannot succeed"),
  /** Right command, wrong moment: order, state, exhausted limit. */
  STATE("bring the controller into the needed state or free the resource, then repeat"),
  /** Passing trouble; the same command may succeed. */
  TRANSIENT("repeat after the indicated delay"),
  /** Taken back before it ran to its end; a write may have happened in part. */
  ABORTED("repeat if the data is still wanted"),
  /** The controller could not do its part. */
  CONTROLLER("repeat a few times, then read the error log and report"),
  /** The data itself: unreadable, unwritable, different, protected. */
  MEDIA("do not use the data; restore the blocks from another copy"),
  /** Space or a resource of the storage is used up. */
  CAPACITY("free space or extend the namespace, then repeat"),
  /** Not permitted to this host. */
  ACCESS("ask the operator of the target for access, or authenticate"),
  /** Another host holds a reservation. */
  RESERVATION("register and acquire the reservation, or leave the namespace alone"),
  /** This way to the namespace does not work at present. */
  PATH("use another path; read the ANA log"),
  /** Vendor specific, or not known to this version. */
  OTHER("see the vendor's documentation");

  private final String advice;

  StatusKind(String advice) {
    this.advice = advice;
  }

  /** One phrase: what the host should do. */
  public String advice() {
    return advice;
  }
}
