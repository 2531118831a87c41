/** Format NVM: what it leaves behind, what it keeps out, how it ends. */
@NullMarked
package io.mora.tests.system.conformance.format;

import org.jspecify.annotations.NullMarked;
