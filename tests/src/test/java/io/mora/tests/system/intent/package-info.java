/** The latency-intent extension, end to end. */
@NullMarked
package io.mora.tests.system.intent;

import org.jspecify.annotations.NullMarked;
