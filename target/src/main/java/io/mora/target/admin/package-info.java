/** Management of the daemon: the server of its API. */
@NullMarked
package io.mora.target.admin;

import org.jspecify.annotations.NullMarked;
