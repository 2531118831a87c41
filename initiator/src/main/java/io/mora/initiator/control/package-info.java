/** A controller's administration: its admin queue, set-up, namespaces, events, keep-alive. */
@NullMarked
package io.mora.initiator.control;

import org.jspecify.annotations.NullMarked;
