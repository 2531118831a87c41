/** What I/O is for, as an application says it and as a controller agreed to hear it. */
@NullMarked
package io.mora.initiator.intent;

import org.jspecify.annotations.NullMarked;
