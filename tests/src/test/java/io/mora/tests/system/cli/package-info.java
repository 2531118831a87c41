/** System tests: the command line, its launchers, and what the README says. */
@NullMarked
package io.mora.tests.system.cli;

import org.jspecify.annotations.NullMarked;
