/** I/O that has several ways to go: chosen, sent again, sent twice, kept while there is none. */
@NullMarked
package io.mora.initiator.path.io;

import org.jspecify.annotations.NullMarked;
