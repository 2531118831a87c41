/** Speaking to the daemon that is managed: HTTP over its unix socket, or TLS. */
@NullMarked
package io.mora.cli.manage.client;

import org.jspecify.annotations.NullMarked;
