/** For services on Vert.x, which bring vertx-core themselves. */
@NullMarked
package io.mora.initiator.vertx;

import org.jspecify.annotations.NullMarked;
