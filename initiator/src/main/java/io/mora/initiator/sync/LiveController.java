package io.mora.initiator.sync;

import io.mora.initiator.intent.IntentGrant;
import io.mora.initiator.queue.QueueConnect;

/**
 * A controller that is connected, as another queue of it needs to know it.
 *
 * @param how to connect the queue
 * @param inCapsuleMax bytes of data that may go inside a command's capsule
 * @param intent what it agreed to be told
 * @param loopQueues I/O queues of the loops: queue ids 1 up to this are taken
 * @param queues I/O queues granted and asked for: the highest queue id
 */
public record LiveController(
    QueueConnect how, int inCapsuleMax, IntentGrant intent, int loopQueues, int queues) {}
