/** The ways there are to a namespace now, and the thread on which that changes. */
@NullMarked
package io.mora.initiator.path.route;

import org.jspecify.annotations.NullMarked;
