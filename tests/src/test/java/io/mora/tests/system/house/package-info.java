/** System tests: house. */
@NullMarked
package io.mora.tests.system.house;

import org.jspecify.annotations.NullMarked;
