/** How commands reach a controller: options, host identity, the association. */
@NullMarked
package io.mora.cli.connect;

import org.jspecify.annotations.NullMarked;
