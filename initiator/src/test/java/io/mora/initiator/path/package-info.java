/** Tests of the package's parts on their own. */
@NullMarked
package io.mora.initiator.path;

import org.jspecify.annotations.NullMarked;
