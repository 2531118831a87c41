/** Commands about this machine as a host. */
@NullMarked
package io.mora.cli.host;

import org.jspecify.annotations.NullMarked;
