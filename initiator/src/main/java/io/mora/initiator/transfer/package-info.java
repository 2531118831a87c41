/** I/O that is not one command of ours: cut in pieces, or written by the caller. */
@NullMarked
package io.mora.initiator.transfer;

import org.jspecify.annotations.NullMarked;
