/** System tests: interop. */
@NullMarked
package io.mora.tests.system.interop;

import org.jspecify.annotations.NullMarked;
