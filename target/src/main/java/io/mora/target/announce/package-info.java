/** Tells networks that there is a discovery service here; nothing else knows multicast DNS. */
@NullMarked
package io.mora.target.announce;

import org.jspecify.annotations.NullMarked;
