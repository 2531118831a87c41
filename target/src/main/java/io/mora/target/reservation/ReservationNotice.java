package io.mora.target.reservation;

import io.mora.protocol.HostId;

/**
 * Something a host is to be told.
 *
 * @param type of {@link io.mora.protocol.data.log.ReservationNotification}
 */
public record ReservationNotice(HostId host, int type) {}
