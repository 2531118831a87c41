package io.mora.initiator.queue;

import io.mora.initiator.signals.QueueSignals;
import org.jspecify.annotations.Nullable;

/**
 * How a queue pair is set up.
 *
 * @param qid 0 for the admin queue
 * @param size entries; identifiers are below it
 * @param reserved entries kept for {@link HostQueuePair#reserved} commands, at least 1 for Connect
 * @param waitingMax commands that may wait for an entry; one more is refused
 * @param timeoutNs of a command that has none of its own, from publish
 * @param hold whether commands that may be sent twice survive their connection
 * @param signals told of every command's end, or null
 */
public record QueueSettings(
    int qid,
    int size,
    int reserved,
    int waitingMax,
    long timeoutNs,
    boolean hold,
    @Nullable QueueSignals signals) {}
