/** NVMe/TCP PDUs: static layouts, the framer and its sink. */
@NullMarked
package io.mora.protocol.pdu;

import org.jspecify.annotations.NullMarked;
