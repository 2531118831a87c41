package io.mora.initiator.accelerator;

/** A device or its driver refused or failed. */
public final class AcceleratorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public AcceleratorException(String message) {
    super(message);
  }
}
