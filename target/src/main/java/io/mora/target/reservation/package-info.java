/** Reservations of namespaces: who may read and write what several hosts share. */
@NullMarked
package io.mora.target.reservation;

import org.jspecify.annotations.NullMarked;
