/** A namespace as the JDK's channels know a file. */
@NullMarked
package io.mora.initiator.channel;

import org.jspecify.annotations.NullMarked;
