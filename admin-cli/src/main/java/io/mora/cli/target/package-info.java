/** Running the target's own launcher. */
@NullMarked
package io.mora.cli.target;

import org.jspecify.annotations.NullMarked;
