/** What options say about parts of the configuration. */
@NullMarked
package io.mora.cli.manage.field;

import org.jspecify.annotations.NullMarked;
