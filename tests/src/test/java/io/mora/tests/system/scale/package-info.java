/** System tests: many connections, hosts and namespaces. */
@NullMarked
package io.mora.tests.system.scale;

import org.jspecify.annotations.NullMarked;
