/** Management: the API over its sockets, changes, the configuration file, metrics. */
@NullMarked
package io.mora.tests.system.admin;

import org.jspecify.annotations.NullMarked;
