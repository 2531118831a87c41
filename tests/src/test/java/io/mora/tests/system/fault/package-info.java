/** System tests: fault. */
@NullMarked
package io.mora.tests.system.fault;

import org.jspecify.annotations.NullMarked;
