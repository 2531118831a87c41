/** System tests: loopback. */
@NullMarked
package io.mora.tests.system.loopback;

import org.jspecify.annotations.NullMarked;
