package io.mora.initiator;

import io.mora.initiator.control.NamespaceInfo;

/** What all views of one namespace share: what it is now, and whether it is there. */
final class NamespaceAttachment {
  private volatile NamespaceInfo info;
  private volatile boolean gone;

  NamespaceAttachment(NamespaceInfo info) {
    this.info = info;
  }

  NamespaceInfo info() {
    return info;
  }

  void info(NamespaceInfo newInfo) {
    info = newInfo;
  }

  boolean isGone() {
    return gone;
  }

  void detach() {
    gone = true;
  }
}
