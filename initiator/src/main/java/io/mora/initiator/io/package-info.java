/** What one I/O is at the host's API: how it is asked for, how it ends, when it did what. */
@NullMarked
package io.mora.initiator.io;

import org.jspecify.annotations.NullMarked;
