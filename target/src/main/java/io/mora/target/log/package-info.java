/** How the daemon logs. */
@NullMarked
package io.mora.target.log;

import org.jspecify.annotations.NullMarked;
