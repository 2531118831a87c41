/** What is counted, and as what. */
@NullMarked
package io.mora.initiator.signals;

import org.jspecify.annotations.NullMarked;
