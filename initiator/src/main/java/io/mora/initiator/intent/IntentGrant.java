package io.mora.initiator.intent;

import io.mora.protocol.intent.IntentFeature;

/**
 * What a controller agreed to about intent when this host opted in (feature E0h).
 *
 * @param offered the controller has the extension
 * @param version in force; 0 when intent is not sent
 * @param flags {@link IntentFeature#CARRIER_A} to {@link IntentFeature#REFUSING} in force
 * @param maxClass highest class this host may ask for; more is lowered to it
 * @param step whether step-critical counts
 * @param fineTiming whether timing replies are exact rather than rounded up to 16 us
 * @param generation changes whenever the grant does
 * @param slots registration slots
 * @param hastens reads under way can be given a higher class, {@link
 *     io.mora.initiator.io.IoHandle#hasten}
 */
public record IntentGrant(
    boolean offered,
    int version,
    int flags,
    int maxClass,
    boolean step,
    boolean fineTiming,
    int generation,
    int slots,
    boolean hastens) {
  /** The controller does not have the extension, or was not asked. */
  public static final IntentGrant NONE = new IntentGrant(false, 0, 0, 0, false, false, 0, 0, false);

  /** From DW0 of Get or Set Features E0h. */
  public static IntentGrant of(int dw0, int slots, boolean hastens) {
    return new IntentGrant(
        true,
        IntentFeature.version(dw0),
        IntentFeature.flags(dw0),
        IntentFeature.maxClass(dw0),
        IntentFeature.stepGranted(dw0),
        IntentFeature.fineGranted(dw0),
        IntentFeature.generation(dw0),
        slots,
        hastens);
  }

  /** Commands carry intent. */
  public boolean active() {
    return version != 0 && has(IntentFeature.CARRIER_A);
  }

  /** Reads that say so may be refused where their budget cannot be met. */
  public boolean refusing() {
    return active() && has(IntentFeature.REFUSING);
  }

  /** A read ahead that turned out to be needed can be told so, where it is. */
  public boolean hastening() {
    return active() && hastens;
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
