/** NVMe/TCP host library for services. */
@NullMarked
package io.mora.initiator;

import org.jspecify.annotations.NullMarked;
