/** YAML text to a tree that knows its lines. */
@NullMarked
package io.mora.target.config.yaml;

import org.jspecify.annotations.NullMarked;
