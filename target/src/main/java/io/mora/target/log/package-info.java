/** How the daemon logs, and how much hosts can make it log. */
@NullMarked
package io.mora.target.log;

import org.jspecify.annotations.NullMarked;
