/** When a read is sent a second time by another way, and how often that may be. */
@NullMarked
package io.mora.initiator.path.hedge;

import org.jspecify.annotations.NullMarked;
