/** Reservations on the wire: commands, types and the report. */
@NullMarked
package io.mora.protocol.reservation;

import org.jspecify.annotations.NullMarked;
