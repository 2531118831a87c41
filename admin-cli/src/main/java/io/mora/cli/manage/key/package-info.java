/** Secrets of hosts. */
@NullMarked
package io.mora.cli.manage.key;

import org.jspecify.annotations.NullMarked;
