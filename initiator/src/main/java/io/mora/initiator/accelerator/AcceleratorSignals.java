package io.mora.initiator.accelerator;

import io.mora.initiator.buffer.BufferSignals;

/**
 * How an accelerator was fed.
 *
 * @param copies that arrived on the device
 * @param bytes of those
 * @param failed copies
 * @param refused because as many waited as may
 * @param underWay waiting or being copied now
 * @param longestNs that a copy took, from {@link Accelerator#handOff} until it was seen to be done
 * @param pinned buffers whose memory the driver has pinned: those it refused are copied all the
 *     same, slower
 * @param buffers the staging buffers
 */
public record AcceleratorSignals(
    long copies,
    long bytes,
    long failed,
    long refused,
    int underWay,
    long longestNs,
    int pinned,
    BufferSignals buffers) {}
