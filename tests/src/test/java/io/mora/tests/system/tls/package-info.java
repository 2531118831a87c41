/** TLS 1.3 with pre-shared keys: our ends, hostile ones, and those of others. */
@NullMarked
package io.mora.tests.system.tls;

import org.jspecify.annotations.NullMarked;
