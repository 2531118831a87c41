/** The keys of the configuration file, and the words of its reference. */
@NullMarked
package io.mora.target.config.key;

import org.jspecify.annotations.NullMarked;
