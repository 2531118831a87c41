/** Configurations of other targets, as ours. */
@NullMarked
package io.mora.cli.manage.importing;

import org.jspecify.annotations.NullMarked;
