/** What the host measures: times, deadlines, locality, causes; read by anybody, told the target. */
@NullMarked
package io.mora.initiator.signals;

import org.jspecify.annotations.NullMarked;
