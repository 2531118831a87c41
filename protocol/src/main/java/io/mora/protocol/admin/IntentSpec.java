package io.mora.protocol.admin;

/**
 * The latency-intent extension.
 *
 * @param enabled it is offered; hosts still have to opt in. Off, its bytes and features are not
 *     there
 */
public record IntentSpec(boolean enabled) {
  public static final IntentSpec DEFAULT = new IntentSpec(false);
}
