/** Queues that a thread drives itself, and calls that wait on them. */
@NullMarked
package io.mora.initiator.sync;

import org.jspecify.annotations.NullMarked;
