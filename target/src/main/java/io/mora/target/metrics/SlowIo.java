package io.mora.target.metrics;

/**
 * Where the time of a slow command went; nanoseconds.
 *
 * @param atMs when its reply left, milliseconds since 1970
 * @param hostIndex whose it was, as {@code KnownHost} numbers hosts
 * @param leaveNs until a large write was let ask for its data
 * @param bufferNs until it had a buffer
 * @param hostNs until the host had sent its data
 * @param scheduledNs in the scheduler
 * @param sendNs from the device, or from when it was answered, to the socket
 * @param totalNs received to handed to the socket
 * @param late index of a {@link LateCause}, -1 if it was within its budget
 */
public record SlowIo(
    long atMs,
    int hostIndex,
    int qid,
    int nsid,
    int opcode,
    long bytes,
    int effectiveClass,
    long leaveNs,
    long bufferNs,
    long hostNs,
    long scheduledNs,
    long deviceNs,
    long sendNs,
    long totalNs,
    long budgetNs,
    int late) {}
