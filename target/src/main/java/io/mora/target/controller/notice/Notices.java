package io.mora.target.controller.notice;

import io.mora.target.reservation.ReservationLog;

/** What a controller has to tell its host, by log page. The home shard only. */
public final class Notices {
  private final ErrorLog errors = new ErrorLog();
  private final ReservationLog reservations = new ReservationLog();
  private final ChangedNamespaces namespaces = new ChangedNamespaces();
  private Runnable whenDiscovery = () -> {};
  private Runnable whenAna = () -> {};

  /** Log 01h; it outlives resets. */
  public ErrorLog errors() {
    return errors;
  }

  /** Log 80h. */
  public ReservationLog reservations() {
    return reservations;
  }

  /** Log 04h. */
  public ChangedNamespaces namespaces() {
    return namespaces;
  }

  /** Sets what is run when the ANA log may have changed. */
  public void onAna(Runnable action) {
    whenAna = action;
  }

  /** The ANA log may have changed: log 0Ch. */
  public void anaChanged() {
    whenAna.run();
  }

  /** Sets what is run when the discovery log may have changed. */
  public void onDiscovery(Runnable action) {
    whenDiscovery = action;
  }

  /** The discovery log may have changed: log 70h. */
  public void discoveryChanged() {
    whenDiscovery.run();
  }

  /** Controller reset. */
  public void reset() {
    reservations.reset();
    namespaces.clear();
  }
}
