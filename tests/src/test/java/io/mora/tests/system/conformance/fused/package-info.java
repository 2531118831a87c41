/** Compare and Write as one fused operation: what it refuses, what it keeps out, how it ends. */
@NullMarked
package io.mora.tests.system.conformance.fused;

import org.jspecify.annotations.NullMarked;
