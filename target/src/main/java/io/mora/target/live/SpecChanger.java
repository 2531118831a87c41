package io.mora.target.live;

import io.mora.protocol.admin.TargetSpec;
import org.jspecify.annotations.Nullable;

/** The one way in which what a target serves changes, and is kept. Control threads; waits. */
public interface SpecChanger {
  /**
   * Changes what is served.
   *
   * @param who for the audit log
   * @return what became of it; no changes and no problems if it was left as it is
   */
  ApplyResult change(String who, Edit edit);

  /** One change. */
  @FunctionalInterface
  interface Edit {
    /** The spec that is wanted, made of the one in force; null to leave it. */
    @Nullable TargetSpec of(TargetSpec inForce);
  }
}
