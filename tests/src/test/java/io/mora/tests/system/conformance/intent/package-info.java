/** Section 6 of the wire reference, row by row: the latency-intent extension as a host sees it. */
@NullMarked
package io.mora.tests.system.conformance.intent;

import org.jspecify.annotations.NullMarked;
