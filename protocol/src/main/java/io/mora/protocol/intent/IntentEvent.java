package io.mora.protocol.intent;

/**
 * Asynchronous events of the extension: type 7, told by log E0h. A host masks them until it has
 * read that log with RAE 0.
 */
public final class IntentEvent {
  /** Vendor specific. */
  public static final int TYPE = 7;

  /** A class missed its objective of feature E2h in the window that ended. */
  public static final int SLO_BREACH = 0xE0;

  /** Commands began to run in a lower class than they asked for. */
  public static final int DOWNGRADING = 0xE1;

  /** What the host may ask for has changed. */
  public static final int GRANTS_CHANGED = 0xE2;

  /** A registered region was dropped: detach, resize, reset. */
  public static final int REGISTRATION_LOST = 0xE3;

  private IntentEvent() {}

  /** DW0 of the event. */
  public static int dw0(int info) {
    return ClassLogPage.LID << 16 | info << 8 | TYPE;
  }

  /** True for a DW0 of this extension. */
  public static boolean isIntent(int dw0) {
    return (dw0 & 7) == TYPE && (dw0 >>> 16 & 0xFF) == ClassLogPage.LID;
  }

  public static int info(int dw0) {
    return dw0 >>> 8 & 0xFF;
  }
}
