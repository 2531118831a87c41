package io.mora.protocol.admin;

/**
 * Bounds of one command's data.
 *
 * @param inCapsuleBytes data that may travel inside an I/O capsule (IOCCSZ); a multiple of 16.
 *     Larger writes take a round trip for their R2T
 * @param commandBytes data of one command (MDTS); a power of two. Hosts split larger I/O
 * @param h2cDataBytes data of one H2CData PDU (MAXH2CDATA); a multiple of 4096. A large PDU holds
 *     the connection up
 */
public record TransferSpec(int inCapsuleBytes, int commandBytes, int h2cDataBytes) {
  public static final Range IN_CAPSULE_BYTES = new Range(0, 16 << 10, 1 << 20);
  public static final Range COMMAND_BYTES = new Range(64 << 10, 1 << 20, 2 << 20);
  public static final Range H2C_DATA_BYTES = new Range(4 << 10, 256 << 10, 4 << 20);

  public static final TransferSpec DEFAULT =
      new TransferSpec(
          (int) IN_CAPSULE_BYTES.defaultValue(),
          (int) COMMAND_BYTES.defaultValue(),
          (int) H2C_DATA_BYTES.defaultValue());
}
