package io.mora.target.controller.auth;

/** Arithmetic of a transaction that is too long for a shard's thread. */
interface AuthWork {
  /** Runs on the authenticator's thread and touches nothing of the transaction. */
  Outcome compute();

  /** What came of it, told to the transaction on its shard's thread. */
  interface Outcome {
    void apply();

    /** Instead: there is nobody any more to whom it could be told. Any thread. */
    default void forget() {}
  }
}
